import assert from 'node:assert/strict';
import { ensureBuilt } from '../support/built-package.js';
import { activitiesIn, fetchHistory } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import {
  startSourcesWorker,
  startWorker,
  workerEnvironment,
  type RunningWorker,
} from '../support/worker-environment.js';

const BUNDLING = /Workflow bundle created/;

describe('compiled worker', () => {
  let fixture: SendFixture;
  before(async function () {
    this.timeout(300_000);
    await ensureBuilt();
    fixture = await createSendFixture({ worker: false });
  });
  after(() => fixture.close());

  /** Sends once, and says what it took: the activities, and which fields the result has. */
  async function sendOnce(worker: RunningWorker) {
    try {
      const job = fixture.job();
      const sent = await fixture.client.send(job);
      const result = await sent.result();
      const received = await fixture.simulator.waitForMessage(({ id }) => id === result.messageId);
      assert.equal(received.text, job.message);
      const history = await fetchHistory(fixture.temporal, sent.workflowId);
      return { fields: Object.keys(result), activities: activitiesIn(history) };
    } finally {
      await worker.stop();
    }
  }

  it('sends with the prebuilt bundle like a worker that bundles at its start', async () => {
    const environment = await workerEnvironment(fixture, { LOG_LEVEL: 'trace' });
    const compiled = await startWorker(environment);
    const ahead = await sendOnce(compiled);
    assert.equal(await compiled.process.ended, 0);
    const fromSources = await startSourcesWorker(environment);
    const atStart = await sendOnce(fromSources);

    assert.deepEqual(ahead, atStart);
    assert.match(fromSources.output(), BUNDLING);
    assert.doesNotMatch(compiled.output(), BUNDLING);
  });
});
