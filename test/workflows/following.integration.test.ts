import assert from 'node:assert/strict';
import type { SmsJob } from '../../src/client.js';
import { setApiKey } from '../../src/db/set-api-key.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import type { FaultRule } from '../../tools/simulator/fault-rule.js';
import { expectSmsError } from '../support/expect-failure.js';
import { activitiesIn, fetchHistory, resetToStart, smsAttributesOf } from '../support/run-history.js';
import { countBillableActions } from '../../tools/bench/shapes/billable-actions.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { requestsFor, statusIs } from '../support/started-sends.js';

/** Of an account whose list of sent messages is short enough to be proven whole. */
const QUIET_KEY = 'key-of-a-quiet-account-0123';

const CHECKS_MS = [1_000, 3_000, 6_000, 60_000];

describe('a followed send', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture({ otherApiKeys: [QUIET_KEY] });
  });
  after(() => fixture.close());

  const follow = (options: SmsJob['options'] = {}) => ({
    follow: true,
    followChecksMs: CHECKS_MS,
    unknownChecksMs: [100, 1_000],
    ...options,
  });

  const attributesOf = async (workflowId: string) =>
    smsAttributesOf(await fixture.temporal.workflow.getHandle(workflowId).describe());

  /** A test whose sends go on beside the other sends: most of the time they wait. */
  const together = (title: string, check: () => Promise<void>) => {
    let checked: Promise<void> | undefined;
    before(() => {
      checked = check();
      checked.catch(() => undefined);
    });
    it(title, () => checked);
  };

  const start = async (
    fault: FaultRule | undefined,
    options: SmsJob['options'] = {},
    changes: Partial<SmsJob> = {},
  ) => {
    const job = fixture.job({ options: follow(options), ...changes });
    if (fault !== undefined) fixture.simulator.addFaults({ times: 1, ...fault, number: job.recipientPhone });
    return { job, sent: await fixture.client.send(job) };
  };

  together(
    'ends once its phone has sent the message, for one timer, one activity and two upserts more',
    async () => {
      const { sent } = await start(undefined);
      const result = await sent.result();
      assert.equal(result.delivery, 'sent');
      assert.ok(!('sentAt' in result), 'the simulator does not say when');
      const history = await fetchHistory(fixture.temporal, sent.workflowId);
      assert.deepEqual(activitiesIn(history), [
        'loadEncryptedApiKey (local)',
        'decryptApiKey (local)',
        'sendSms',
        'followSms',
      ]);
      const { events = [] } = history;
      assert.deepEqual([events?.length, countBillableActions(events ?? [])], [26, 7]);
      const { status, delivery, messageId, reason } = await sent.status();
      assert.deepEqual([status, delivery, messageId, reason], ['sent', 'sent', result.messageId, undefined]);
    },
  );

  together(
    'is accepted while its phone has not sent the message, with the time of the next check',
    async () => {
      const { sent } = await start(
        { kind: 'phone-late', phoneDelayMs: 8_000 },
        { followChecksMs: [1_000, 10_000, 60_000] },
      );
      const accepted = await sent.accepted();
      const { status, delivery, messageId, timestamp, reason } = await statusIs(
        fixture,
        sent.workflowId,
        'accepted',
      );
      assert.deepEqual([status, delivery, messageId], ['accepted', 'pending', accepted.messageId]);
      assert.equal(timestamp, accepted.timestamp);
      assert.match(reason ?? '', /^SMSMobileAPI accepted the message\. The phone .* Next check: .*Z\.$/);
      const { delivery: end, messageId: ended, timestamp: at } = await sent.result();
      assert.deepEqual([end, ended, at], ['sent', accepted.messageId, accepted.timestamp]);
      assert.deepEqual(await sent.accepted(), accepted);
    },
  );

  for (const [kind, providerCode] of [
    ['phone-fails', 'RESULT_ERROR_NO_SERVICE'],
    ['provider-fails', 'carrier_refused'],
  ] as const) {
    together(`fails with the provider’s code, and sends nothing again: ${kind}`, async () => {
      const { job, sent } = await start({ kind }, { followChecksMs: [300, 1_500] });
      const error = await expectSmsError(sent.result(), 'MESSAGE_SEND_FAILED');
      const { messageId, timestamp: acceptedAt } = await sent.accepted();
      const { failedSince = '', ...details } = error.details;
      assert.deepEqual(details, { attempt: 1, providerCode, messageId, acceptedAt });
      assert.ok(Date.parse(failedSince) >= Date.parse(acceptedAt));
      assert.equal(requestsFor(fixture, { job }).length, 1);
      assert.equal((await sent.status()).status, 'failed');
      const attributes = await attributesOf(sent.workflowId);
      assert.equal(attributes['SmsErrorCode'], 'MESSAGE_SEND_FAILED');
    });
  }

  together('is sent where its phone failed first', async () => {
    const { sent } = await start(
      { kind: 'phone-fails-first', phoneRetryMs: 3_000 },
      { followChecksMs: [1_000, 6_000, 60_000] },
    );
    assert.equal((await sent.result()).delivery, 'sent');
  });

  together('ends as unknown after the last check, with the phone’s last sign of life', async () => {
    const { sent } = await start(
      { kind: 'phone-late', phoneDelayMs: 600_000 },
      { followChecksMs: [300, 1_500] },
    );
    const { delivery, deliveryReason = '' } = await sent.result();
    assert.equal(delivery, 'unknown');
    assert.match(
      deliveryReason,
      /^It is unknown whether .* The phone has not sent it yet\. The .*phone.*\.$/,
    );
    const { status, delivery: reported, reason } = await sent.status();
    assert.deepEqual([status, reported, reason], ['accepted', 'unknown', deliveryReason]);
  });

  together('ends as unknown, not as failed, where the list never shows the message', async () => {
    const { sent } = await start({ kind: 'row-missing' }, { followChecksMs: [300] });
    const { delivery, deliveryReason = '' } = await sent.result();
    assert.equal(delivery, 'unknown');
    assert.match(deliveryReason, /do not list it/);
  });

  together('completes as unknown when it is cancelled', async () => {
    const { sent } = await start(
      { kind: 'phone-late', phoneDelayMs: 600_000 },
      { followChecksMs: [600_000] },
    );
    await sent.accepted();
    await fixture.client.cancel(sent.workflowId);
    const { delivery, deliveryReason } = await sent.result();
    assert.deepEqual(
      [delivery, deliveryReason],
      ['unknown', 'The send was cancelled before the phone was seen to send the message.'],
    );
  });

  together('does not fail where the account’s key is gone', async () => {
    const accountId = await fixture.addAccount(fixture.apiKey);
    const { sent } = await start(undefined, { followChecksMs: [10_000] }, { accountId });
    await sent.accepted();
    await setApiKey(fixture.databaseUrl, accountId, '');
    const { delivery, deliveryReason = '' } = await sent.result();
    assert.equal(delivery, 'unknown');
    assert.match(
      deliveryReason,
      /could not be read: The account does not exist or has no SMSMobileAPI key\.$/,
    );
  });

  together('is followed past its deadline', async () => {
    const expiresAt = new Date(Date.now() + 10_000).toISOString();
    const { sent } = await start(undefined, { expiresAt, followChecksMs: [12_000] });
    assert.equal((await sent.result()).delivery, 'sent');
  });

  together('is followed after it was found among the sent messages', async () => {
    const { sent } = await start({ kind: 'empty-200', recorded: true });
    const accepted = await sent.accepted();
    const { delivery, messageId } = await sent.result();
    assert.deepEqual([delivery, messageId], ['sent', accepted.messageId]);
  });

  together('is followed after an operator has said that it was sent', async () => {
    const { sent } = await start(
      { kind: 'empty-200', recorded: false },
      { onUnknown: 'hold', followChecksMs: [300] },
    );
    await statusIs(fixture, sent.workflowId, 'held');
    await fixture.client.resolve(sent.workflowId, { sent: true, messageId: 'seen-on-the-phone' });
    assert.equal((await sent.accepted()).messageId, 'seen-on-the-phone');
    const { delivery, messageId } = await sent.result();
    assert.deepEqual([delivery, messageId], ['unknown', 'seen-on-the-phone']);
  });

  together('is found as resent after it was sent again, and never failed for good', async () => {
    const accountId = await fixture.addAccount(QUIET_KEY);
    const job = fixture.job({ accountId, options: follow({ followChecksMs: [300] }) });
    fixture.simulator.addFaults({ kind: 'empty-200', recorded: false, times: 1, number: job.recipientPhone });
    const sent = await fixture.client.send(job);
    assert.equal((await sent.result()).delivery, 'sent');
    assert.equal((await attributesOf(sent.workflowId))['SmsStatus'], 'resent-sent');

    const other = fixture.job({ accountId, options: follow({ followChecksMs: [300] }) });
    const number = other.recipientPhone;
    fixture.simulator.addFaults({ kind: 'empty-200', recorded: false, times: 1, number });
    fixture.simulator.addFaults({ kind: 'phone-fails', times: 1, number });
    const failed = await fixture.client.send(other);
    await expectSmsError(failed.result(), 'SEND_OUTCOME_UNKNOWN');
  });

  together('sends nothing again when it is reset, and is followed on', async () => {
    const { job, sent } = await start(
      { kind: 'phone-late', phoneDelayMs: 4_000 },
      { followChecksMs: [300, 8_000] },
    );
    const { messageId } = await sent.accepted();
    await resetToStart(fixture.temporal, sent.workflowId);
    const result = await fixture.client.get(sent.workflowId).result();
    assert.deepEqual([result.messageId, result.delivery], [messageId, 'sent']);
    assert.equal(requestsFor(fixture, { job }).length, 1);
  });

  together('is listed by where its message is', async () => {
    const leadId = 'lead-followed';
    const metadata = { leadId };
    const { sent } = await start(undefined, {}, { metadata });
    await sent.result();
    const { sent: waiting } = await start(
      { kind: 'phone-late', phoneDelayMs: 600_000 },
      { followChecksMs: [600_000] },
      { metadata },
    );
    const plain = await fixture.client.send(fixture.job({ metadata }));
    await plain.result();
    await waiting.accepted();
    const listed = async (status: 'accepted' | 'sent' | 'running') => {
      const ids: string[] = [];
      for await (const send of fixture.client.list({ leadId, status })) {
        ids.push(`${send.workflowId} ${send.status}`);
      }
      return ids.sort();
    };
    const accepted = [`${waiting.workflowId} accepted`, `${plain.workflowId} accepted`].sort();
    await waitUntil('the list to be up to date', async () => {
      const now = [await listed('accepted'), await listed('sent'), await listed('running')];
      return JSON.stringify(now) === JSON.stringify([accepted, [`${sent.workflowId} sent`], []]);
    });
    await fixture.client.cancel(waiting.workflowId);
  });
});
