import assert from 'node:assert/strict';
import { startGuarded } from '../../tools/servers/guarded-process.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { ROOT } from '../support/run-node.js';
import { fetchHistory, sendAttemptsIn } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sharedGuard } from '../support/scratch.js';
import { startWorker, workerEnvironment } from '../support/worker-environment.js';

describe('worker process: end', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture({ worker: false });
  });
  after(() => fixture.close());

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`lets a request in flight finish on ${signal}, and exits with 0`, async () => {
      const { client, simulator, temporal } = fixture;
      const environment = await workerEnvironment(fixture);
      const job = fixture.job();
      const requests = () =>
        simulator.requests().filter(({ fields }) => fields['recipients'] === job.recipientPhone);
      simulator.setFaults({
        kind: 'slow-reply',
        recorded: true,
        number: job.recipientPhone,
        delayMs: 4_000,
      });

      const leaving = await startWorker(environment);
      const sent = await client.send(job);
      await waitUntil('the request to be out', () => requests().length > 0);
      leaving.process.child.kill(signal);
      assert.equal(await leaving.process.ended, 0, leaving.output());
      assert.match(leaving.output(), /"worker stopped"/);

      // What the run still has to do after the reply needs a worker: the next one.
      const next = await startWorker(environment);
      try {
        const { messageId } = await sent.result();
        assert.equal((await simulator.waitForMessage(({ id }) => id === messageId)).text, job.message);
        assert.equal(requests().length, 1);
        assert.equal(sendAttemptsIn(await fetchHistory(temporal, sent.workflowId)), 1);
      } finally {
        await next.stop();
      }
    });
  }

  it('exits with 0 on a signal while it bundles', async () => {
    const worker = await startGuarded({
      guard: await sharedGuard(),
      command: process.execPath,
      args: ['--import', 'tsx', 'src/worker.ts'],
      cwd: ROOT,
      env: childEnvironment(await workerEnvironment(fixture)),
    });
    await waitUntil('the first line of its log', () => worker.output() !== '');
    assert.doesNotMatch(worker.output(), /"worker started"/);
    worker.child.kill('SIGTERM');
    assert.equal(await worker.ended, 0, worker.output());
  });
});
