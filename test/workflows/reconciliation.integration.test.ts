import assert from 'node:assert/strict';
import { expectSmsError } from '../support/expect-failure.js';
import { activitiesIn, fetchHistory, sendAttemptsIn } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sideBySide } from '../support/side-by-side.js';
import { maybeSent } from './maybe-sent.js';

describe('reconciling what was maybe sent', () => {
  const itBesideOthers = sideBySide();
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  after(() => fixture.close());
  const { messagesTo, attributesOf, send } = maybeSent(() => fixture);

  for (const kind of ['reset-after-read', 'http-500', 'empty-200', 'no-id'] as const) {
    itBesideOthers(`finds the message in the log after ${kind}, and sends no second one`, async () => {
      const { job, workflowId, end } = await send([{ kind, recorded: true }]);
      const { messageId } = await end();
      const messages = messagesTo(job.recipientPhone);
      assert.deepEqual(
        messages.map(({ id }) => id),
        [messageId],
      );
      assert.equal((await attributesOf(workflowId))['SmsStatus'], 'reconciled');
      assert.equal(sendAttemptsIn(await fetchHistory(fixture.temporal, workflowId)), 1);
    });

    itBesideOthers(
      `sends again after ${kind} when the log does not show the message at the window's end`,
      async () => {
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
      },
    );
  }

  itBesideOthers('sends nothing after the deadline, and says that it may have been sent', async () => {
    const expiresAt = new Date(Date.now() + 10_000).toISOString();
    const { job, workflowId, end } = await send([{ kind: 'http-500', recorded: false }], {
      expiresAt,
      unknownChecksMs: [12_000],
    });
    await expectSmsError(end(), 'SEND_OUTCOME_UNKNOWN');
    assert.equal(messagesTo(job.recipientPhone).length, 0);
    assert.equal(sendAttemptsIn(await fetchHistory(fixture.temporal, workflowId)), 1);
  });

  itBesideOthers('asks the log again before each try of a resend that was proven not sent', async () => {
    const { job, workflowId, end } = await send([{ kind: 'http-500', recorded: false }, { kind: 'error-2' }]);
    const { messageId } = await end();
    assert.deepEqual(
      messagesTo(job.recipientPhone).map(({ id }) => id),
      [messageId],
    );
    const activities = activitiesIn(await fetchHistory(fixture.temporal, workflowId));
    const remote = activities.filter((name) => !name.includes('local'));
    assert.deepEqual(remote.slice(0, 6), [
      'sendSms',
      'findSentSms',
      'findSentSms',
      'sendSms',
      'findSentSms',
      'sendSms',
    ]);
  });

  itBesideOthers('does not call a refused resend a proof that nothing was sent', async () => {
    const { end } = await send([{ kind: 'http-500', recorded: false }, { kind: 'http-403' }]);
    await expectSmsError(end(), 'SEND_OUTCOME_UNKNOWN');
  });
});
