import assert from 'node:assert/strict';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { endedSend, statusIs } from '../support/started-sends.js';
import { expectSmsError } from '../support/expect-failure.js';
import { resetToStart } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { assertKind, messagesTo, retryWith, unknownSend } from './retry-fixture.js';

describe('retry of a send that may have been sent', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  afterEach(() => {
    fixture.simulator.setFaults([]);
  });
  after(() => fixture.close());

  it('sends nothing when the sent messages show the message of the old send', async () => {
    const { client, simulator } = fixture;
    const { job, workflowId } = await unknownSend(fixture, true);
    const [message] = messagesTo(fixture, job);
    for (const times of [1, 2]) {
      const outcome = await client.retry(workflowId);
      assertKind(outcome, 'was-sent');
      assert.equal(outcome.messageId, message?.id, `time ${times}`);
    }
    await expectSmsError(client.get(`${workflowId}-retry-1`).status(), 'NOT_FOUND');
    assert.equal(simulator.requests().filter(({ fields }) => fields['message'] === job.message).length, 1);
  });

  it('starts it once when a new check of the sent messages does not show the message', async () => {
    const { client } = fixture;
    const { job, workflowId } = await unknownSend(fixture, false);
    const reconciliations: Date[] = [];
    const outcome = await client.retry(workflowId, {
      onReconciling: ({ believedFrom }) => reconciliations.push(believedFrom),
    });
    assertKind(outcome, 'started');
    assert.equal(outcome.reconciledFirst, true);
    assert.equal(reconciliations.length, 1);
    await client.get(outcome.workflowId).result();
    assert.equal(messagesTo(fixture, job).length, 1);
  });

  it('refuses with a reason while the sent messages are inconclusive, and starts it with force', async () => {
    const { client, simulator } = fixture;
    const { job, workflowId } = await unknownSend(fixture, false);
    simulator.setFaults([{ kind: 'log-500' }]);
    const refused = await client.retry(workflowId);
    assertKind(refused, 'refused');
    assert.equal(refused.why, 'unresolved');
    assert.match(refused.reason, /HTTP 500/);
    assertKind(await client.retry(workflowId, { force: true }), 'started');
    await client.get(`${workflowId}-retry-1`).result();
    assert.equal(messagesTo(fixture, job).length, 1);
  });

  it('reports what it would do, and does nothing', async () => {
    const { client } = fixture;
    const { workflowId } = await unknownSend(fixture, true);
    const outcome = await client.retry(workflowId, { dryRun: true });
    assertKind(outcome, 'would-start');
    assert.equal(outcome.reconciledFirst, true);
    await expectSmsError(client.get(outcome.workflowId).status(), 'NOT_FOUND');
  });

  it('does not restart a reset send that the sent messages do not show, nor its retry', async () => {
    const { client, temporal } = fixture;
    const { job, workflowId } = await endedSend(fixture, [{ kind: 'http-400' }], {
      options: { unknownChecksMs: [100] },
    });
    fixture.simulator.setFaults([{ kind: 'http-403', times: 1, number: job.recipientPhone }]);
    const retry = await client.retry(workflowId);
    assertKind(retry, 'started');
    await expectSmsError(client.get(retry.workflowId).result(), 'API_KEY_INVALID');
    await resetToStart(fixture.temporal, workflowId);
    await statusIs(fixture, workflowId, 'held');
    const whileHeld = await client.retry(retry.workflowId);
    assertKind(whileHeld, 'refused');
    assert.equal(whileHeld.why, 'running');
    await client.resolve(workflowId, { abandon: true });
    await expectSmsError(client.get(workflowId).result(), 'SEND_OUTCOME_UNKNOWN');
    // What the reset run may have out is waited for.
    const waited = client.retry(retry.workflowId);
    const { runId } = await client.get(workflowId).status();
    const originalRunId = (await temporal.workflow.getHandle(workflowId, runId).fetchHistory()).events?.[0]
      ?.workflowExecutionStartedEventAttributes?.originalExecutionRunId;
    await waitUntil('the log to be asked', async () => {
      const { status } = await temporal.workflow.getHandle(`sms-reconcile-${originalRunId ?? ''}`).describe();
      return status.name === 'RUNNING';
    });
    await temporal.workflow.getHandle(`sms-reconcile-${originalRunId ?? ''}`).terminate();
    const outcome = await waited;
    assertKind(outcome, 'refused');
    assert.equal(outcome.why, 'unresolved');
    assert.equal(messagesTo(fixture, job).length, 0);
  });

  it('gives the new send its own deadline when the old one passes during the check', async () => {
    const { client } = fixture;
    const expiresAtMs = Date.now() + 3_600_000;
    const expiresAt = new Date(expiresAtMs).toISOString();
    const { job, workflowId } = await unknownSend(fixture, false, {
      options: { unknownChecksMs: [100], onUnknown: 'fail', expiresAt },
    });
    const dry = await client.retry(workflowId, { dryRun: true });
    assertKind(dry, 'would-start');
    assert.equal(dry.deadlineRenewed, false);
    let [hasPassed, reconciliations] = [false, 0];
    const outcome = await retryWith(
      fixture,
      { now: () => (hasPassed ? expiresAtMs + 1_000 : Date.now()) },
      workflowId,
      () => {
        reconciliations++;
        hasPassed = true;
      },
    );
    assert.equal(reconciliations, 1);
    assertKind(outcome, 'started');
    assert.equal(outcome.deadlineRenewed, true);
    await client.get(outcome.workflowId).result();
    assert.equal(messagesTo(fixture, job).length, 1);
  });
});
