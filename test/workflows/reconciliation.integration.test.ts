import assert from 'node:assert/strict';
import { expectSmsError } from '../support/expect-failure.js';
import { activitiesIn, fetchHistory, sendAttemptsIn } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { sideBySide } from '../support/side-by-side.js';
import { maybeSent } from './maybe-sent.js';

describe('reconciling a send with an unknown outcome', () => {
  const itBesideOthers = sideBySide();
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  after(() => fixture.close());
  const { messagesTo, attributesOf, send } = maybeSent(() => fixture);

  for (const kind of ['reset-after-read', 'http-500', 'empty-200', 'no-id'] as const) {
    itBesideOthers(
      `finds the message among the sent messages after ${kind}, and does not resend`,
      async () => {
        const { job, workflowId, end } = await send([{ kind, recorded: true }]);
        const { messageId } = await end();
        const messages = messagesTo(job.recipientPhone);
        assert.deepEqual(
          messages.map(({ id }) => id),
          [messageId],
        );
        assert.equal((await attributesOf(workflowId))['SmsStatus'], 'reconciled');
        assert.equal(sendAttemptsIn(await fetchHistory(fixture.temporal, workflowId)), 1);
      },
    );

    itBesideOthers(
      `resends after ${kind} when the sent messages do not show it at the end of the window`,
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

  itBesideOthers('sends nothing after the deadline, and ends as maybe sent', async () => {
    const expiresAt = new Date(Date.now() + 10_000).toISOString();
    const { job, workflowId, end } = await send([{ kind: 'http-500', recorded: false }], {
      expiresAt,
      unknownChecksMs: [12_000],
    });
    await expectSmsError(end(), 'SEND_OUTCOME_UNKNOWN');
    assert.equal(messagesTo(job.recipientPhone).length, 0);
    assert.equal(sendAttemptsIn(await fetchHistory(fixture.temporal, workflowId)), 1);
  });

  itBesideOthers(
    'checks the sent messages again before each attempt of a resend proven not sent',
    async () => {
      const { job, workflowId, end } = await send([
        { kind: 'http-500', recorded: false },
        { kind: 'error-2' },
      ]);
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
    },
  );

  itBesideOthers('does not take a refused resend as proof that nothing was sent', async () => {
    const { end } = await send([{ kind: 'http-500', recorded: false }, { kind: 'http-403' }]);
    await expectSmsError(end(), 'SEND_OUTCOME_UNKNOWN');
  });
});
