import assert from 'node:assert/strict';
import type { FaultRule } from '../../tools/simulator/fault-rule.js';
import { endedSend, type StartedSend } from '../support/started-sends.js';
import { expectSmsError } from '../support/expect-failure.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { CONFIRM_FAILURE_MS } from '../../src/domain/replayed-constants.js';
import { assertKind, messagesTo, retryWith } from './retry-fixture.js';

describe('retry of a followed send whose phone failed', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  afterEach(() => {
    fixture.simulator.setFaults([]);
  });
  after(() => fixture.close());

  const failedSend = async (fault: Omit<FaultRule, 'number'>): Promise<StartedSend> => {
    const options = { follow: true, followChecksMs: [300, 900], unknownChecksMs: [100, 500] };
    const send = await endedSend(fixture, [fault], { options });
    await expectSmsError(fixture.client.get(send.workflowId).result(), 'MESSAGE_SEND_FAILED');
    return send;
  };

  /** As if the failure had been seen long enough ago. */
  const retryLater = (workflowId: string) =>
    retryWith(fixture, { now: () => Date.now() + CONFIRM_FAILURE_MS + 60_000 }, workflowId);

  it('sends again what the sent messages still show as failed, after reading them', async () => {
    const { client, simulator } = fixture;
    const { job, workflowId } = await failedSend({ kind: 'phone-fails' });
    const reads = simulator.readCount('/log/sent/sms/');
    const tooSoon = await client.retry(workflowId);
    assertKind(tooSoon, 'refused');
    assert.match(tooSoon.reason, /may repeat that by itself: try again after \S+Z\.$/);
    assert.equal(simulator.readCount('/log/sent/sms/'), reads);
    const outcome = await retryLater(workflowId);
    assertKind(outcome, 'started');
    assert.equal(outcome.reconciledFirst, true);
    assert.ok(simulator.readCount('/log/sent/sms/') > reads);
    const { delivery } = await client.get(outcome.workflowId).result();
    assert.equal(delivery, 'sent');
    assert.equal(messagesTo(fixture, job).length, 1);
  });

  it('sends nothing where the phone has sent the message since', async () => {
    const { simulator } = fixture;
    const { job, workflowId } = await failedSend({ kind: 'phone-fails-first', phoneRetryMs: 4_000 });
    const { id } = await simulator.waitForMessage(({ recipient }) => recipient === job.recipientPhone);
    const outcome = await retryLater(workflowId);
    assertKind(outcome, 'was-sent');
    assert.equal(outcome.messageId, id);
    assert.equal(messagesTo(fixture, job).length, 1);
  });

  it('sends nothing where the sent messages cannot be read', async () => {
    const { client, simulator } = fixture;
    const { workflowId } = await failedSend({ kind: 'phone-fails' });
    simulator.setFaults({ kind: 'log-500' });
    const outcome = await retryLater(workflowId);
    assertKind(outcome, 'refused');
    assert.equal(outcome.why, 'unresolved');
    assertKind(await client.retry(workflowId, { force: true }), 'started');
  });

  it('sends nothing by itself where another request may have been sent, and with force sends', async () => {
    const { client, simulator } = fixture;
    const job = fixture.job({
      options: { follow: true, followChecksMs: [300, 900], unknownChecksMs: [100, 500] },
    });
    const { recipientPhone: number } = job;
    simulator.addFaults({ kind: 'http-500', recorded: false, number, times: 1 });
    simulator.addFaults({ kind: 'phone-fails', number, times: 1 });
    const sent = await client.send(job);
    const { workflowId } = sent;
    await expectSmsError(sent.result(), 'SEND_OUTCOME_UNKNOWN');
    const outcome = await retryLater(workflowId);
    assertKind(outcome, 'refused');
    assert.equal(outcome.why, 'unresolved');
    assertKind(await client.retry(workflowId, { force: true }), 'started');
  });

  it('sends nothing for a send that its phone has sent, or may still send', async () => {
    const { client } = fixture;
    const options = { follow: true, followChecksMs: [300] };
    for (const fault of [undefined, { kind: 'phone-never' }] as const) {
      const { workflowId } = await endedSend(fixture, fault === undefined ? [] : [fault], { options });
      const { delivery } = await client.get(workflowId).result();
      assert.equal(delivery, fault === undefined ? 'sent' : 'unknown');
      const outcome = await client.retry(workflowId);
      assertKind(outcome, 'refused');
      assert.equal(outcome.why, 'accepted');
    }
  });
});
