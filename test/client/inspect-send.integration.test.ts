import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { createDataConverter } from '../../src/encryption/data-converter.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { SmsError } from '../../src/domain/errors.js';
import { sharedNativeConnection } from '../support/shared-parts.js';
import { resetToStart } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

describe('inspect', () => {
  let fixture: SendFixture;
  afterEach(() => fixture.close());

  /** A run that is under way when its worker is shut down would be waited for. */
  async function endOf(workflowId: string): Promise<void> {
    await fixture.client.cancel(workflowId);
    await fixture.client
      .get(workflowId)
      .result()
      .catch(() => undefined);
  }

  it('shows the requests so far, and until when a send pauses', async () => {
    fixture = await createSendFixture();
    const { client, simulator } = fixture;
    const job = fixture.job();
    simulator.addFaults({ kind: 'http-429', retryAfterSeconds: 3_600, number: job.recipientPhone });
    const { workflowId } = await client.send(job);
    const { awaits, requests, doing } = await waitUntil('the pause', async () => {
      const report = await client.inspect(workflowId);
      return report.awaits?.what === 'time' && report;
    });
    assert.equal(requests, 1);
    assert.ok(awaits?.what === 'time' && Date.parse(awaits.at) > Date.now() + 3_000_000);
    assert.match(doing ?? '', /429|slow|Request 2/);
    await endOf(workflowId);
  });

  it('shows which activity is being retried, and why its last attempt failed', async () => {
    fixture = await createSendFixture({
      change: (ports) => ({
        ...ports,
        accounts: { findEncryptedApiKey: () => Promise.reject(new SmsError('DATABASE_UNAVAILABLE')) },
      }),
    });
    const { client } = fixture;
    const { workflowId } = await client.send(fixture.job());
    const awaits = await waitUntil('a second try', async () => {
      const report = await client.inspect(workflowId);
      return report.awaits?.what === 'activity' && report.awaits.attempt > 1 && report.awaits;
    });
    assert.equal(awaits.activity, 'loadEncryptedApiKey');
    assert.equal(awaits.lastFailure, 'DATABASE_UNAVAILABLE');
    await endOf(workflowId);
  });

  it('shows that the workers’ code does not fit a run, and that a cancel was requested', async () => {
    fixture = await createSendFixture({ worker: false });
    const { client, temporal, taskQueue, payloadKeys } = fixture;
    const dataConverter = createDataConverter(parsePayloadKeys(payloadKeys));
    const { workflowId } = await client.send(fixture.job());
    const handle = temporal.workflow.getHandle(workflowId);
    const worker = async (workflowsPath: string) =>
      await Worker.create({
        connection: await sharedNativeConnection(),
        taskQueue,
        dataConverter,
        workflowsPath,
      });
    const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
    await (
      await worker(path('../../src/workflows/index.ts'))
    ).runUntil(() =>
      waitUntil('an activity', async () => (await client.inspect(workflowId)).awaits?.what === 'activity'),
    );
    assert.equal((await client.inspect(workflowId)).cancelRequested, undefined);
    await client.cancel(workflowId);
    const failing = await (
      await worker(path('../temporal/scripted-workflow.ts'))
    ).runUntil(() =>
      waitUntil('a task to fail', async () => {
        const report = await client.inspect(workflowId);
        return report.awaits?.what === 'failing-task' && { ...report, awaits: report.awaits };
      }),
    );
    assert.match(failing.awaits.failure ?? '', /nondeterminism/i);
    assert.equal(failing.cancelRequested, true);
    assert.ok(failing.awaits.attempt > 1);
    await handle.terminate();
  });

  it('shows that no worker has picked up a send', async () => {
    fixture = await createSendFixture({ worker: false });
    const { client, temporal } = fixture;
    const { workflowId } = await client.send(fixture.job());
    const { awaits, requests } = await client.inspect(workflowId);
    assert.equal(awaits?.what, 'worker');
    assert.equal(requests, 0);
    await temporal.workflow.getHandle(workflowId).terminate();
    const { status, code, reason } = await client.inspect(workflowId);
    assert.deepEqual([status, code], ['terminated', 'TERMINATED']);
    assert.match(reason ?? '', /before any request was made\. The message was not sent\.$/);
  });

  it('does not report a terminated send as not sent after a request or a reset', async () => {
    fixture = await createSendFixture();
    const { client, simulator, temporal } = fixture;
    const job = fixture.job();
    simulator.addFaults({ kind: 'http-429', retryAfterSeconds: 3_600, number: job.recipientPhone });
    const { workflowId, runId } = await client.send(job);
    await waitUntil('the pause', async () => (await client.inspect(workflowId)).awaits?.what === 'time');
    await temporal.workflow.getHandle(workflowId).terminate();
    assert.match((await client.inspect(workflowId)).reason ?? '', /may have been sent/);
    // What came after its first task is not in the new history.
    await resetToStart(temporal, workflowId);
    await temporal.workflow.getHandle(workflowId).terminate();
    const report = await client.inspect(workflowId);
    assert.notEqual(report.runId, runId);
    assert.equal(report.status, 'terminated');
    assert.match(report.reason ?? '', /may have been sent/);
  });
});
