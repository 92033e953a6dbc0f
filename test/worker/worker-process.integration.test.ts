import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { execa } from 'execa';
import { freePort } from '../../tools/servers/free-port.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { findTemporalCli } from '../../tools/servers/temporal-cli.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { smsAttributesOf } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sharedTemporal } from '../support/shared-parts.js';
import { startWorker, workerEnvironment, type RunningWorker } from '../support/worker-environment.js';

describe('worker process', () => {
  let fixture: SendFixture;
  let worker: RunningWorker;
  let metricsAddress: string;
  before(async () => {
    fixture = await createSendFixture({ worker: false });
    metricsAddress = `127.0.0.1:${await freePort()}`;
    worker = await startWorker(
      await workerEnvironment(fixture, { LOG_LEVEL: 'trace', METRICS_ADDRESS: metricsAddress }),
    );
  });
  after(async () => {
    await worker.stop();
    await fixture.close();
  });

  it('sends for a run that the Temporal CLI started with plain JSON and without a memo', async () => {
    const { temporal, simulator, taskQueue, accountId } = fixture;
    const metadata = { huntId: `hunt-${randomUUID()}`, adId: 'ad:2', leadId: 'lead.3' };
    const job = fixture.job({ metadata });
    const workflowId = `by-hand-${randomUUID()}`;
    const { address, namespace } = await sharedTemporal();
    await execa(
      await findTemporalCli(() => undefined),
      [
        'workflow',
        'start',
        '--address',
        address,
        '--namespace',
        namespace,
        '--type',
        'sendSmsWorkflow',
        '--task-queue',
        taskQueue,
        '--workflow-id',
        workflowId,
        '--input',
        JSON.stringify(job),
      ],
      { env: childEnvironment(), extendEnv: false },
    );

    const handle = temporal.workflow.getHandle(workflowId);
    const result = (await handle.result()) as { success: boolean; messageId: string };
    assert.equal(result.success, true);
    const received = await simulator.waitForMessage(({ id }) => id === result.messageId);
    assert.equal(received.recipient, job.recipientPhone);
    assert.equal(received.text, job.message);

    const { memo, typedSearchAttributes } = await handle.describe();
    assert.deepEqual(memo, { ...metadata, accountId });
    const attributes = smsAttributesOf({ typedSearchAttributes });
    assert.equal(attributes['SmsHuntId'], metadata.huntId);
    assert.equal(attributes['SmsAdId'], metadata.adId);
    assert.equal(attributes['SmsLeadId'], metadata.leadId);
    assert.equal(attributes['SmsAccountId'], accountId);
    assert.match(String(attributes['SmsRecipientKey']), /^[0-9a-f]{64}$/);
  });

  it('writes only ids to its log and metrics, even at trace level, for successful and failed sends', async () => {
    const good = fixture.job();
    const bad = fixture.job({ accountId: randomUUID() });
    const sent = await fixture.client.send(good);
    await sent.result();
    const failed = await fixture.client.send(bad);
    await assert.rejects(failed.result());

    const metrics = await fetch(`http://${metricsAddress}/metrics`);
    assert.equal(metrics.status, 200);
    const exposed = await metrics.text();
    assert.match(exposed, /^temporal_workflow_completed\S* \d/m);
    // The run can end here before the worker's last lines have come through its pipe.
    const log = await waitUntil('the log to name both runs, at the finest level', () => {
      const complete = worker.output().slice(0, worker.output().lastIndexOf('\n') + 1);
      const named = [sent, failed].every(({ workflowId }) => complete.includes(workflowId));
      return named && complete.includes('"level":10') && complete;
    });
    const secrets = [good, bad].flatMap(({ recipientPhone, message }) => [
      recipientPhone,
      recipientPhone.slice(3),
      message,
    ]);
    secrets.push(fixture.apiKey, fixture.encryptionKey, fixture.databaseUrl);
    secrets.push(new URL(fixture.databaseUrl).password, fixture.payloadKeys.slice('test:'.length));
    for (const secret of secrets) {
      assert.ok(!log.includes(secret), `the log holds ${secret}`);
      assert.ok(!exposed.includes(secret), `the metrics hold ${secret}`);
    }
    for (const line of log.trim().split('\n')) assert.doesNotThrow(() => void JSON.parse(line), line);
  });
});
