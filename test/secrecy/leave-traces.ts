import { NativeConnection } from '@temporalio/worker';
import postgres from 'postgres';
import { DRIVER_OPTIONS } from '../../src/db/driver-options.js';
import { createSmsClient } from '../../src/client.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { createSendFixture } from '../support/send-fixture.js';
import { installQuietRuntime } from '../support/quiet-runtime.js';
import { collectActivityErrors } from './activity-errors.js';
import {
  collectEndpoints,
  collectFiles,
  collectList,
  collectQueries,
  collectRun,
  collectRuns,
} from './collect.js';
import { watchCommandLines } from './command-lines.js';
import { contextOf, COURSES, type ScenarioContext } from './scenarios.js';
import { createSecretMaker, type ScenarioSecrets } from './scenario-secrets.js';
import { operate } from './operators.js';
import { plantSecrets } from './canaries.js';
import type { Secret } from './secret-forms.js';
import { startStand, type World } from './secrecy-world.js';
import { inspectError } from './inspect-error.js';
import { createTrail, type Trail } from './trail.js';

/** What came of all scenarios. */
export interface Traces {
  readonly trail: Trail;
  /** Of all scenarios, none planted. */
  readonly secrets: readonly Secret[];
  /** Exposed on purpose. */
  readonly planted: readonly Secret[];
  /** The code that each scenario came to, and was to come to. */
  readonly ends: readonly { readonly name: string; readonly code: unknown; readonly wanted: unknown }[];
}

/** Takes every scenario once, and keeps all that it leaves behind. */
export async function leaveTraces(): Promise<Traces> {
  const trail = createTrail();
  const makeSecrets = createSecretMaker();
  const scenarios = COURSES.map((scenario) => ({ ...scenario, secrets: makeSecrets(scenario.name) }));
  const [operators, outage, keyless, inActivities, planted] = [
    'the operators',
    'a database without its table',
    'a worker without a key',
    'an activity',
    'what was planted',
  ].map(makeSecrets) as [ScenarioSecrets, ScenarioSecrets, ScenarioSecrets, ScenarioSecrets, ScenarioSecrets];
  const all = [...scenarios.map(({ secrets }) => secrets), operators, outage, keyless, inActivities];

  const commandLines = watchCommandLines();
  const world = await startStand(
    trail,
    all.map(({ apiKey }) => apiKey),
  );
  const ends = await Promise.all([
    ...scenarios.map(async ({ name, code: wanted, run, secrets }) => {
      const code = await run(await contextOf(world, secrets)).catch((error: unknown) => inspectError(error));
      return { name, code, wanted };
    }),
    contextOf(world, operators)
      .then((context) => operate(context, trail))
      .then(() => ({ name: 'operators', code: undefined, wanted: undefined })),
    sendWithoutCipher(world, trail, keyless).then((code) => ({
      name: 'a worker without a key',
      code,
      wanted: 'ENCRYPTION_KEY_MISSING',
    })),
    plantSecrets(world, trail, planted).then(() => ({ name: 'planted', code: undefined, wanted: undefined })),
    collectActivityErrors(world, trail, inActivities).then(() => ({
      name: 'activities',
      code: undefined,
      wanted: undefined,
    })),
  ]);
  await collectEndpoints(world, trail);
  // The last that meets the database; meanwhile, all other runs have ended.
  const withoutTable = await contextOf(world, outage);
  const [code] = await Promise.all([sendWithoutTable(withoutTable, trail), collectRuns(world, trail)]);
  ends.push({ name: 'a database without its table', code, wanted: 'MESSAGE_EXPIRED' });
  await collectList(world, trail);
  await collectEndpoints(world, trail);
  await collectFiles(world, trail, 'while it runs');
  await commandLines.stop();
  trail.add('command lines', 'all that were seen', [...commandLines.seen].join('\n'));
  await world.stop();
  await collectFiles(world, trail, 'after its end');
  const { encryptionKey, payloadKeys, databaseUrl } = world;
  const own = [encryptionKey, payloadKeys.slice('k1:'.length), new URL(databaseUrl).password];
  return {
    trail,
    ends,
    planted: planted.all,
    secrets: [
      ...all.flatMap((secrets) => secrets.all),
      ...own.map((value, index): Secret => ({ name: `key ${index} of the worker`, kind: 'key', value })),
    ],
  };
}

/**
 * A run whose activities have no key to decrypt with: a worker of ours would not start like that.
 */
async function sendWithoutCipher(world: World, trail: Trail, secrets: ScenarioSecrets): Promise<string> {
  const { address, databaseUrl, payloadKeys } = world;
  installQuietRuntime();
  const nativeConnection = await NativeConnection.connect({ address });
  const fixture = await createSendFixture({
    databaseUrl,
    payloadKeys,
    temporal: { address, nativeConnection },
    change: (ports) => ({ ...ports, cipher: undefined }),
  });
  const { taskQueue } = fixture;
  const client = createSmsClient({ connection: { address }, payloadKeys, taskQueue });
  try {
    const accountId = await fixture.addAccount(secrets.apiKey);
    const { recipientPhone, message } = secrets;
    const sent = await client.send({ recipientPhone, message, accountId });
    return await sent.result().then(
      () => 'sent',
      (error: unknown) => {
        trail.add('errors', 'a worker without a key', inspectError(error));
        return (error as { code: string }).code;
      },
    );
  } finally {
    await client.close();
    await fixture.close();
    await nativeConnection.close();
  }
}

/**
 * A run that PostgreSQL refuses until the deadline; its DATABASE_UNAVAILABLE is looked at on the
 * way.
 */
async function sendWithoutTable(context: ScenarioContext, trail: Trail): Promise<string | undefined> {
  const { world, job, send, codeOf } = context;
  const sql = postgres(world.databaseUrl, { ...DRIVER_OPTIONS, max: 1 });
  await sql`ALTER TABLE accounts RENAME TO lost_accounts`;
  await sql.end();
  const expiresAt = new Date(Date.now() + 15_000).toISOString();
  const workflowId = await send(job({ options: { expiresAt } }), { idempotencyKey: 'lead-1' });
  await waitUntil('PostgreSQL to refuse', async () => {
    const { value } = await world.call('inspect', [workflowId]);
    return (value as { awaits?: { lastFailure?: string } }).awaits?.lastFailure === 'DATABASE_UNAVAILABLE';
  });
  await collectRun(world, trail, workflowId);
  await collectQueries(world, trail, workflowId);
  await world.sms(['status', workflowId]);
  const code = await codeOf(workflowId);
  await collectRun(world, trail, workflowId);
  return code;
}
