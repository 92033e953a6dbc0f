import assert from 'node:assert/strict';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { createSmsWorker } from '../../src/worker/create-worker.js';
import { describePollers } from '../../src/worker/describe-pollers.js';
import { openPorts } from '../../src/worker/open-ports.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sharedNativeConnection } from '../support/shared-parts.js';

describe('the pollers that Temporal sees', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture({ worker: false });
  });
  after(() => fixture.close());

  for (const deployment of [undefined, { name: 'sms', buildId: 'b1' }]) {
    it(`belong only to a worker ${deployment === undefined ? 'without' : 'with'} a build id`, async () => {
      const { databaseUrl, encryptionKey, payloadKeys, simulator } = fixture;
      const taskQueue = `${fixture.taskQueue}-${deployment?.buildId ?? 'plain'}`;
      const connection = await sharedNativeConnection();
      const namespace = 'default';
      const opened = openPorts(
        {
          databaseUrl,
          taskQueue,
          encryptionKeys: [encryptionKey],
          providerUrl: simulator.url,
          payloadKeys: parsePayloadKeys(payloadKeys),
          requireEncrypted: false,
          policies: true,
          optOutReply: undefined,
        },
        { connection, namespace },
      );
      const worker = await createSmsWorker({
        connection,
        namespace,
        taskQueue,
        deployment,
        ports: opened.ports,
        dataConverter: opened.dataConverter,
      });
      const running = worker.run();
      try {
        const { identity } = worker.options;
        const seen = await waitUntil(
          'both kinds of pollers to be seen',
          async () => {
            const sight = await describePollers(connection, { namespace, taskQueue, identity });
            return Object.keys(sight).length === 2 && sight;
          },
          { timeoutMs: 10000, everyMs: 1000 },
        );
        assert.deepEqual(Object.keys(seen), ['workflow', 'activity']);
        for (const atMs of Object.values(seen)) assert.ok(Math.abs(Date.now() - atMs) < 120_000);
        assert.deepEqual(
          await describePollers(connection, { namespace, taskQueue, identity: 'another' }),
          {},
        );
      } finally {
        worker.shutdown();
        await running;
        await opened.close();
      }
    });
  }
});
