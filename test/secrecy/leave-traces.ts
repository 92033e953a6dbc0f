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
import { contextOf, COURSES, type CourseContext } from './courses.js';
import { createSecretMaker, type CourseSecrets } from './course-secrets.js';
import { operate } from './operators.js';
import { plantSecrets } from './planted.js';
import type { Secret } from './secret-forms.js';
import { startStand, type Stand } from './stand.js';
import { tellAll } from './tell-all.js';
import { createTrail, type Trail } from './trail.js';

/** What came of all courses. */
export interface Traces {
  readonly trail: Trail;
  /** Of all courses, none planted. */
  readonly secrets: readonly Secret[];
  /** Told on purpose. */
  readonly planted: readonly Secret[];
  /** The code that each course came to, and was to come to. */
  readonly ends: readonly { readonly name: string; readonly code: unknown; readonly wanted: unknown }[];
}

/** Takes every course once, and keeps all that it leaves behind. */
export async function leaveTraces(): Promise<Traces> {
  const trail = createTrail();
  const makeSecrets = createSecretMaker();
  const courses = COURSES.map((course) => ({ ...course, secrets: makeSecrets(course.name) }));
  const [operators, outage, keyless, inActivities, planted] = [
    'the operators',
    'a database without its table',
    'a worker without a key',
    'an activity',
    'what was planted',
  ].map(makeSecrets) as [CourseSecrets, CourseSecrets, CourseSecrets, CourseSecrets, CourseSecrets];
  const all = [...courses.map(({ secrets }) => secrets), operators, outage, keyless, inActivities];

  const commandLines = watchCommandLines();
  const stand = await startStand(
    trail,
    all.map(({ apiKey }) => apiKey),
  );
  const ends = await Promise.all([
    ...courses.map(async ({ name, code: wanted, run, secrets }) => {
      const code = await run(await contextOf(stand, secrets)).catch((error: unknown) => tellAll(error));
      return { name, code, wanted };
    }),
    contextOf(stand, operators)
      .then((context) => operate(context, trail))
      .then(() => ({ name: 'operators', code: undefined, wanted: undefined })),
    sendWithoutVault(stand, trail, keyless).then((code) => ({
      name: 'a worker without a key',
      code,
      wanted: 'ENCRYPTION_KEY_MISSING',
    })),
    plantSecrets(stand, trail, planted).then(() => ({ name: 'planted', code: undefined, wanted: undefined })),
    collectActivityErrors(stand, trail, inActivities).then(() => ({
      name: 'activities',
      code: undefined,
      wanted: undefined,
    })),
  ]);
  await collectEndpoints(stand, trail);
  // The last that meets the database; meanwhile, all other runs have ended.
  const withoutTable = await contextOf(stand, outage);
  const [code] = await Promise.all([sendWithoutTable(withoutTable, trail), collectRuns(stand, trail)]);
  ends.push({ name: 'a database without its table', code, wanted: 'MESSAGE_EXPIRED' });
  await collectList(stand, trail);
  await collectEndpoints(stand, trail);
  await collectFiles(stand, trail, 'while it runs');
  await commandLines.stop();
  trail.add('command lines', 'all that were seen', [...commandLines.seen].join('\n'));
  await stand.stop();
  await collectFiles(stand, trail, 'after its end');
  const { encryptionKey, payloadKeys, databaseUrl } = stand;
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

/** A run whose activities have no key to decrypt with: a worker of ours would not start like that. */
async function sendWithoutVault(stand: Stand, trail: Trail, secrets: CourseSecrets): Promise<string> {
  const { address, databaseUrl, payloadKeys } = stand;
  installQuietRuntime();
  const nativeConnection = await NativeConnection.connect({ address });
  const fixture = await createSendFixture({
    ...{ databaseUrl, payloadKeys, temporal: { address, nativeConnection } },
    change: (ports) => ({ ...ports, vault: undefined }),
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
        trail.add('errors', 'a worker without a key', tellAll(error));
        return (error as { code: string }).code;
      },
    );
  } finally {
    await client.close();
    await fixture.close();
    await nativeConnection.close();
  }
}

/** A run that PostgreSQL refuses until the deadline; its DATABASE_UNAVAILABLE is looked at on the way. */
async function sendWithoutTable(context: CourseContext, trail: Trail): Promise<string | undefined> {
  const { stand, job, send, codeOf } = context;
  const sql = postgres(stand.databaseUrl, { ...DRIVER_OPTIONS, max: 1 });
  await sql`ALTER TABLE accounts RENAME TO lost_accounts`;
  await sql.end();
  const expiresAt = new Date(Date.now() + 15_000).toISOString();
  const workflowId = await send(job({ options: { expiresAt } }), { idempotencyKey: 'lead-1' });
  await waitUntil('PostgreSQL to refuse', async () => {
    const { value } = await stand.call('inspect', [workflowId]);
    return (value as { awaits?: { lastFailure?: string } }).awaits?.lastFailure === 'DATABASE_UNAVAILABLE';
  });
  await collectRun(stand, trail, workflowId);
  await collectQueries(stand, trail, workflowId);
  await stand.sms(['status', workflowId]);
  const code = await codeOf(workflowId);
  await collectRun(stand, trail, workflowId);
  return code;
}
