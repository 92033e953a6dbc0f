import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { expectSmsError } from '../support/expect-failure.js';
import { fetchHistory, sendAttemptsIn } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sideBySide } from '../support/side-by-side.js';
import { statusIs } from '../support/started-sends.js';
import { maybeSent } from './maybe-sent.js';

describe('runs held for an operator', () => {
  const itBesideOthers = sideBySide();
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  after(() => fixture.close());
  const { messagesTo, attributesOf, send } = maybeSent(() => fixture);

  itBesideOthers('holds a run that has used up its resends, and resends on an operator’s order', async () => {
    const lost = { kind: 'reset-after-read', recorded: false } as const;
    const { job, workflowId, end } = await send([lost, lost]);
    const held = await statusIs(fixture, workflowId, 'held');
    assert.match(held.reason ?? '', /the job allows no further resend/);
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

  itBesideOthers(
    'holds instead of resending if the job says so, until an operator names the message',
    async () => {
      const { workflowId, end } = await send([{ kind: 'http-502', recorded: false }], { onUnknown: 'hold' });
      await statusIs(fixture, workflowId, 'held');
      const messageId = randomUUID();
      await fixture.client.resolve(workflowId, { sent: true, messageId });
      assert.equal((await end()).messageId, messageId);
      assert.equal((await attributesOf(workflowId))['SmsStatus'], 'reconciled');
    },
  );

  itBesideOthers('refuses invalid decisions, and those about a run that is not held', async () => {
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

  itBesideOthers('refuses a message that belongs to another send', async () => {
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

  itBesideOthers('ends as SEND_OUTCOME_UNKNOWN if the job says so, or an operator abandons it', async () => {
    const fail = await send([{ kind: 'http-500', recorded: false }], { onUnknown: 'fail' });
    const left = await send([{ kind: 'http-500', recorded: false }], { onUnknown: 'hold' });
    await statusIs(fixture, left.workflowId, 'held');
    await fixture.client.resolve(left.workflowId, { abandon: true });
    for (const { job, workflowId, end } of [fail, left]) {
      await expectSmsError(end(), 'SEND_OUTCOME_UNKNOWN');
      const attributes = await attributesOf(workflowId);
      assert.equal(attributes['SmsErrorCode'], 'SEND_OUTCOME_UNKNOWN');
      assert.equal(attributes['SmsStatus'], 'unresolved');
      assert.equal(messagesTo(job.recipientPhone).length, 0);
    }
  });
});
