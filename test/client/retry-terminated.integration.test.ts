import assert from 'node:assert/strict';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { endedSend, requestIsOut, statusIs } from '../support/started-sends.js';
import { expectSmsError } from '../support/expect-failure.js';
import { resetToStart } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { assertKind, messagesTo, retryWith } from './retry-fixture.js';

describe('retry of a send that was terminated', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  afterEach(() => {
    fixture.simulator.setFaults([]);
  });
  after(() => fixture.close());

  const terminate = (workflowId: string) => fixture.temporal.workflow.getHandle(workflowId).terminate();

  it('starts at once when no request was made', async () => {
    const { client } = fixture;
    const job = fixture.job();
    const sent = await client.send(job, { sendAt: new Date(Date.now() + 1_000) });
    await terminate(sent.workflowId);
    const outcome = await client.retry(sent.workflowId);
    assertKind(outcome, 'started');
    assert.equal(outcome.reconciledFirst, false);
    await client.get(outcome.workflowId).result();
    assert.equal(messagesTo(fixture, job).length, 1);
  });

  it('finds the message whose request was out at the termination', async () => {
    const { client, simulator } = fixture;
    const job = fixture.job({ options: { unknownChecksMs: [100] } });
    simulator.addFaults({ kind: 'slow-reply', recorded: true, delayMs: 5_000, number: job.recipientPhone });
    const sent = await client.send(job);
    await requestIsOut(fixture, { job, workflowId: sent.workflowId });
    await terminate(sent.workflowId);
    await waitUntil('the phone to have it', () => messagesTo(fixture, job).length === 1);
    const outcome = await client.retry(sent.workflowId);
    assertKind(outcome, 'was-sent');
    assert.equal(outcome.messageId, messagesTo(fixture, job)[0]?.id);
    assert.equal(messagesTo(fixture, job).length, 1);
  });

  it('trusts sent messages without it only once no request can be out any more', async () => {
    const { client, simulator } = fixture;
    // Of the 130 s that it is unless a test says otherwise.
    const maxOutMs = 4_000;
    // A log that does not show it says nothing of a run that was reset: the row may have left it.
    const { job: otherJob, workflowId: otherId } = await endedSend(fixture, [{ kind: 'http-400' }], {
      options: { unknownChecksMs: [100] },
    });
    await resetToStart(fixture.temporal, otherId);
    await statusIs(fixture, otherId, 'held');
    await client.resolve(otherId, { abandon: true });
    await expectSmsError(client.get(otherId).result(), 'SEND_OUTCOME_UNKNOWN');
    const job = fixture.job({ options: { unknownChecksMs: [100] } });
    const lost = { recorded: false, times: 1, number: job.recipientPhone } as const;
    simulator.addFaults({ kind: 'slow-reply', delayMs: maxOutMs - 1_000, ...lost });
    const sent = await client.send(job);
    await requestIsOut(fixture, { job, workflowId: sent.workflowId });
    await terminate(sent.workflowId);
    const terminatedAtMs = Date.now();
    let believedFromMs = 0;
    const [outcome, other] = await Promise.all([
      retryWith(fixture, { maxOutMs }, sent.workflowId, ({ believedFrom }) => {
        believedFromMs = believedFrom.getTime();
      }),
      retryWith(fixture, { maxOutMs }, otherId),
    ]);
    assertKind(other, 'refused');
    assert.match(other.reason, /was reset/);
    assert.equal(messagesTo(fixture, otherJob).length, 0);
    assertKind(outcome, 'started');
    const startedAtMs = Date.now();
    const waitMs = believedFromMs - terminatedAtMs;
    assert.ok(waitMs > maxOutMs - 1_000, String(waitMs));
    assert.ok(startedAtMs >= believedFromMs - 1_000);
    await client.get(outcome.workflowId).result();
    assert.equal(messagesTo(fixture, job).length, 1);
  });
});
