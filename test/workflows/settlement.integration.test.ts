import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { SmsJob } from '../../src/client.js';
import type { FaultRule } from '../../tools/simulator/fault-rule.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { expectSmsError } from '../support/expect-failure.js';
import { activitiesIn, fetchHistory, sendAttemptsIn } from '../support/run-history.js';
import { smsAttributesOf } from '../support/search-attributes.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { statusIs } from '../support/status-is.js';

describe('settling what was maybe sent', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  afterEach(() => {
    fixture.simulator.setFaults([]);
  });
  after(() => fixture.close());

  const messagesTo = (recipientPhone: string) =>
    fixture.simulator.messages().filter(({ recipient }) => recipient === recipientPhone);
  const attributesOf = async (workflowId: string) =>
    smsAttributesOf(await fixture.temporal.workflow.getHandle(workflowId).describe());

  /** Sends a job whose requests meet these faults, one after the other. */
  async function send(faults: readonly Omit<FaultRule, 'number'>[], options: SmsJob['options'] = {}) {
    const job = fixture.job({ options: { unknownChecksMs: [200, 600], ...options } });
    for (const fault of faults)
      fixture.simulator.addFaults({ times: 1, ...fault, number: job.recipientPhone });
    const sent = await fixture.client.send(job);
    return { job, workflowId: sent.workflowId, end: () => sent.result() };
  }

  for (const kind of ['reset-after-read', 'http-500', 'empty-200', 'no-id'] as const) {
    it(`finds the message in the log after ${kind}, and sends no second one`, async () => {
      const { job, workflowId, end } = await send([{ kind, recorded: true }]);
      const { messageId } = await end();
      const messages = messagesTo(job.recipientPhone);
      assert.deepEqual(
        messages.map(({ id }) => id),
        [messageId],
      );
      assert.equal((await attributesOf(workflowId))['SmsStatus'], 'settled');
      assert.equal(sendAttemptsIn(await fetchHistory(fixture.temporal, workflowId)), 1);
    });

    it(`sends again after ${kind} when the log does not show the message at the window's end`, async () => {
      const { job, workflowId, end } = await send([{ kind, recorded: false }]);
      const { messageId, possibleDuplicateOf } = await end();
      assert.equal(possibleDuplicateOf, undefined);
      assert.deepEqual(
        messagesTo(job.recipientPhone).map(({ id }) => id),
        [messageId],
      );
      assert.equal((await attributesOf(workflowId))['SmsStatus'], 'resent');
      const activities = activitiesIn(await fetchHistory(fixture.temporal, workflowId));
      assert.equal(activities.filter((name) => name === 'findSentSms').length, 2);
    });
  }

  it('holds a run that was sent again as often as its job allows, and sends again when an operator says so', async () => {
    const lost = { kind: 'reset-after-read', recorded: false } as const;
    const { job, workflowId, end } = await send([lost, lost]);
    const held = await statusIs(fixture, workflowId, 'held');
    assert.match(held.reason ?? '', /sent again as often as the job allows/);
    assert.equal((await attributesOf(workflowId))['SmsStatus'], 'held');
    await fixture.client.resolve(workflowId, { resend: true });
    const { messageId } = await end();
    assert.deepEqual(
      messagesTo(job.recipientPhone).map(({ id }) => id),
      [messageId],
    );
    assert.equal(sendAttemptsIn(await fetchHistory(fixture.temporal, workflowId)), 3);
    assert.equal((await attributesOf(workflowId))['SmsStatus'], 'resent');
  });

  it('holds instead of sending again where the job wants it; an operator names the message', async () => {
    const { workflowId, end } = await send([{ kind: 'http-502', recorded: false }], { onUnknown: 'hold' });
    await statusIs(fixture, workflowId, 'held');
    const messageId = randomUUID();
    await fixture.client.resolve(workflowId, { sent: true, messageId });
    assert.equal((await end()).messageId, messageId);
    assert.equal((await attributesOf(workflowId))['SmsStatus'], 'settled');
  });

  it('believes the log more than an operator who wants to send again', async () => {
    const { simulator, client } = fixture;
    simulator.addFaults({ kind: 'log-empty', times: 2 });
    const { job, workflowId, end } = await send([{ kind: 'http-502', recorded: true }], {
      onUnknown: 'hold',
    });
    await statusIs(fixture, workflowId, 'held');
    await client.resolve(workflowId, { resend: true });
    const { messageId } = await end();
    assert.deepEqual(
      messagesTo(job.recipientPhone).map(({ id }) => id),
      [messageId],
    );
  });

  it('refuses decisions about a run that is not held, or that are none', async () => {
    const { client, temporal } = fixture;
    const { workflowId } = await send([{ kind: 'http-502', recorded: false }], {
      unknownChecksMs: [3_600_000],
    });
    await statusIs(fixture, workflowId, 'checking');
    await expectSmsError(client.resolve(workflowId, { resend: true }), 'NOT_HELD');
    await expectSmsError(client.resolve(workflowId, { resend: false } as never), 'VALIDATION_FAILED');
    const update = (decision: unknown) =>
      temporal.workflow.getHandle(workflowId).executeUpdate('resolveSend', { args: [decision] });
    const refused = (type: string, message: RegExp) => (error: Error) =>
      error.cause instanceof Error &&
      'type' in error.cause &&
      error.cause.type === type &&
      message.test(error.cause.message);
    await assert.rejects(update({ resend: true }), refused('NOT_HELD', /^NOT_HELD/));
    for (const decision of [{ resend: true, abandon: true }, { sent: true }, undefined, 'resend']) {
      await assert.rejects(update(decision), refused('VALIDATION_FAILED', /exactly/));
    }
    await client.cancel(workflowId);
    await expectSmsError(client.get(workflowId).result(), 'CANCELLED');
    await expectSmsError(client.resolve(workflowId, { abandon: true }), 'NOT_HELD');
    await expectSmsError(client.resolve('no-such-run', { abandon: true }), 'NOT_FOUND');
  });

  it('refuses a message that belongs to another send', async () => {
    const { client } = fixture;
    const { job, workflowId } = await send([{ kind: 'http-502', recorded: false }], { onUnknown: 'hold' });
    await statusIs(fixture, workflowId, 'held');
    const claimed = await send([{ kind: 'http-502', recorded: true }]);
    const accepted = await client.send({ ...job, message: `${job.message} (2)` });
    for (const { messageId } of [await claimed.end(), await accepted.result()]) {
      await expectSmsError(client.resolve(workflowId, { sent: true, messageId }), 'VALIDATION_FAILED');
    }
    assert.equal((await client.get(workflowId).status()).status, 'held');
    await client.resolve(workflowId, { abandon: true });
    await expectSmsError(client.get(workflowId).result(), 'SEND_OUTCOME_UNKNOWN');
  });

  it('ends as SEND_OUTCOME_UNKNOWN where the job wants it, or an operator leaves it', async () => {
    const fail = await send([{ kind: 'http-500', recorded: false }], { onUnknown: 'fail' });
    const left = await send([{ kind: 'http-500', recorded: false }], { onUnknown: 'hold' });
    await statusIs(fixture, left.workflowId, 'held');
    await fixture.client.resolve(left.workflowId, { abandon: true });
    for (const { job, workflowId, end } of [fail, left]) {
      await expectSmsError(end(), 'SEND_OUTCOME_UNKNOWN');
      const attributes = await attributesOf(workflowId);
      assert.equal(attributes['SmsErrorCode'], 'SEND_OUTCOME_UNKNOWN');
      assert.equal(attributes['SmsStatus'], 'unsettled');
      assert.equal(messagesTo(job.recipientPhone).length, 0);
    }
  });

  it('holds while the log does not answer, and asks once more at the deadline', async () => {
    const { simulator } = fixture;
    simulator.addFaults({ kind: 'log-500' });
    const expiresAt = new Date(Date.now() + 15_000).toISOString();
    const { job, workflowId, end } = await send([{ kind: 'http-500', recorded: true }], { expiresAt });
    const held = await statusIs(fixture, workflowId, 'held');
    assert.match(held.reason ?? '', /HTTP 500/);
    simulator.setFaults([]);
    const { messageId } = await end();
    assert.deepEqual(
      messagesTo(job.recipientPhone).map(({ id }) => id),
      [messageId],
    );
  });

  it('sends nothing after the deadline, and says that it may have been sent', async () => {
    const expiresAt = new Date(Date.now() + 10_000).toISOString();
    const { job, workflowId, end } = await send([{ kind: 'http-500', recorded: false }], {
      expiresAt,
      unknownChecksMs: [12_000],
    });
    await expectSmsError(end(), 'SEND_OUTCOME_UNKNOWN');
    assert.equal(messagesTo(job.recipientPhone).length, 0);
    assert.equal(sendAttemptsIn(await fetchHistory(fixture.temporal, workflowId)), 1);
  });

  it('asks the log again before each try of a resend that was proven not sent', async () => {
    const { job, workflowId, end } = await send([{ kind: 'http-500', recorded: false }, { kind: 'error-2' }]);
    const { messageId } = await end();
    assert.deepEqual(
      messagesTo(job.recipientPhone).map(({ id }) => id),
      [messageId],
    );
    const activities = activitiesIn(await fetchHistory(fixture.temporal, workflowId));
    const remote = activities.filter((name) => !name.includes('local'));
    assert.deepEqual(remote.slice(0, 6), [
      ...['sendSms', 'findSentSms', 'findSentSms', 'sendSms', 'findSentSms', 'sendSms'],
    ]);
  });

  it('does not call a refused resend a proof that nothing was sent', async () => {
    const { end } = await send([{ kind: 'http-500', recorded: false }, { kind: 'http-403' }]);
    await expectSmsError(end(), 'SEND_OUTCOME_UNKNOWN');
  });

  it('reports the first message beside the second, when it turns up by the time that one is answered', async () => {
    const { simulator } = fixture;
    simulator.addFaults({ kind: 'log-empty', times: 2 });
    const { job, end } = await send([{ kind: 'http-500', recorded: true }]);
    const { messageId, possibleDuplicateOf } = await end();
    const ids = messagesTo(job.recipientPhone).map(({ id }) => id);
    assert.deepEqual([possibleDuplicateOf, messageId], ids);
  });

  it('finds the first message in an audit, when it turns up later than that', async () => {
    const { simulator, client } = fixture;
    const since = new Date();
    simulator.addFaults({ kind: 'log-empty', times: 4 });
    const { job, workflowId, end } = await send([{ kind: 'http-500', recorded: true }]);
    const { messageId, possibleDuplicateOf } = await end();
    assert.equal(possibleDuplicateOf, undefined);
    const [first] = messagesTo(job.recipientPhone).map(({ id }) => id);
    const finding = await waitUntil('the audit to list the run', async () => {
      for await (const found of client.audit({ since })) if (found.workflowId === workflowId) return found;
      return undefined;
    });
    assert.deepEqual(finding, { workflowId, messageId, possibleDuplicateOf: first });
  });
});
