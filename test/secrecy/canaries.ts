import { NativeConnection } from '@temporalio/worker';
import postgres from 'postgres';
import { DRIVER_OPTIONS } from '../../src/db/driver-options.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { installQuietRuntime } from '../support/quiet-runtime.js';
import { createSendFixture } from '../support/send-fixture.js';
import type { ScenarioSecrets } from './scenario-secrets.js';
import type { World } from './secrecy-world.js';
import { inspectError } from './inspect-error.js';
import type { Trail } from './trail.js';

/**
 * Leaks secrets in each kind of place, so that a search which finds nothing there is known to be
 * blind.
 */
export async function plantSecrets(world: World, trail: Trail, secrets: ScenarioSecrets): Promise<void> {
  const { apiKey, recipientPhone, message } = secrets;
  const { address, databaseUrl } = world;
  installQuietRuntime();
  const nativeConnection = await NativeConnection.connect({ address });
  // Without encryption, and with a provider that names the key in what it says of a failure.
  const fixture = await createSendFixture({
    temporal: { address, nativeConnection },
    databaseUrl,
    payloadKeys: 'off',
    change: (ports) => ({
      ...ports,
      provider: {
        send: () =>
          Promise.resolve({ kind: 'rejected', code: 'MESSAGE_SEND_FAILED', reason: `not with ${apiKey}` }),
      },
    }),
  });
  try {
    const sent = await fixture.client.send(fixture.job({ recipientPhone, message }));
    await sent.result().catch((error: unknown) => {
      trail.add('errors', 'planted', inspectError(error));
    });
    // In clear for everyone who may list runs.
    const handle = await fixture.temporal.workflow.start(WORKFLOW_TYPE, {
      workflowId: `planted-${recipientPhone}`,
      taskQueue: fixture.taskQueue,
      args: [{}],
      memo: { message, apiKey },
    });
    await handle.result().catch(() => undefined);
  } finally {
    await fixture.close();
    await nativeConnection.close();
  }
  await world.call('log', [`a careless line about ${apiKey}`]);
  const { accountId } = fixture;
  await world.sms(['send', '--account', accountId, '--to', recipientPhone, '--message', message]);
  const attributes = [{ key: 'url', value: { stringValue: `/log?apikey=${encodeURIComponent(apiKey)}` } }];
  await fetch(world.collectorUrl, {
    method: 'POST',
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'planted', attributes }] }] }] }),
  });
  const sql = postgres(databaseUrl, { ...DRIVER_OPTIONS, max: 1 });
  await sql`SELECT ${message}`;
  await sql.end();
}
