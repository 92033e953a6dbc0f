import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { RunsPort } from '../../src/activities/ports.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { createRecipientKeys } from '../../src/encryption/recipient-key.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import type { SmsJob } from '../../src/domain/sms-job.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { createRuns } from '../../src/temporal/create-runs.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

describe('the messages of real runs of the send workflow', () => {
  let fixture: SendFixture;
  let runs: RunsPort;
  before(async () => {
    fixture = await createSendFixture();
    runs = createRuns({
      client: fixture.temporal,
      taskQueue: fixture.taskQueue,
      recipientKeys: createRecipientKeys(parsePayloadKeys(fixture.payloadKeys)),
    });
  });
  after(() => fixture.close());

  const list = ({ accountId, recipientPhone }: SmsJob) =>
    runs.listOwningRuns({ accountId, recipientPhone, sinceMs: Date.now() - 60_000 });
  const requestsTo = (recipientPhone: string) =>
    fixture.simulator.requests().filter(({ fields }) => fields['recipients'] === recipientPhone).length;

  it('are none while the request is out, and then the sent one', async () => {
    const { client, simulator } = fixture;
    const job = fixture.job();
    simulator.addFaults({ kind: 'slow-reply', recorded: true, number: job.recipientPhone, delayMs: 8_000 });
    const sent = await client.send(job);
    await waitUntil('the request to be out', () => requestsTo(job.recipientPhone) === 1);
    const out = await waitUntil('the run to be listed', async () => (await list(job))[0]);
    const owner = { workflowId: sent.workflowId, originalRunId: sent.runId };
    assert.deepEqual(out, { owner, text: job.message, messageIds: [], requestOut: true });

    const { messageId } = await sent.result();
    assert.deepEqual(await list(job), [{ ...out, messageIds: [messageId], requestOut: false }]);
  });

  it('include the message of a run that was started by hand', async () => {
    const { temporal, taskQueue } = fixture;
    const job = fixture.job({ accountId: fixture.accountId.toUpperCase() });
    const handle = await temporal.workflow.start(WORKFLOW_TYPE, {
      taskQueue,
      workflowId: `by-hand-${randomUUID()}`,
      args: [job],
    });
    const { messageId } = (await handle.result()) as { messageId: string };
    const listed = await waitUntil('the run to be listed', async () => {
      const runsOfJob = await list(job);
      return runsOfJob.length > 0 ? runsOfJob : undefined;
    });
    const owner = { workflowId: handle.workflowId, originalRunId: handle.firstExecutionRunId };
    assert.deepEqual(listed, [{ owner, text: job.message, messageIds: [messageId], requestOut: false }]);
  });
});
