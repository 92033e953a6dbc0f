import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import type { RetryOutcome, SmsJob } from '../../src/client.js';
import type { RetryOptions } from '../../src/client/retry/retry-outcome.js';
import { retrySend, type RetryContext } from '../../src/client/retry/retry-send.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { createRecipientKey } from '../../src/encryption/recipient-key.js';
import type { FaultRule } from '../../tools/simulator/fault-rule.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { clearMemo } from '../../src/encryption/clear-memo.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { expectSmsError } from '../support/expect-failure.js';
import { resetToStart } from '../support/reset-to-start.js';
import { endedSend } from '../support/ended-send.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { requestIsOut } from '../support/settled-sends.js';
import { statusIs } from '../support/status-is.js';

const LOST = { kind: 'http-500', recorded: false } as const;
const TAKEN = { kind: 'http-500', recorded: true } as const;

describe('retry', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  afterEach(() => {
    fixture.simulator.setFaults([]);
  });
  after(() => fixture.close());

  const messagesTo = ({ recipientPhone }: SmsJob) =>
    fixture.simulator.messages().filter(({ recipient }) => recipient === recipientPhone);

  function assertKind<K extends RetryOutcome['kind']>(
    outcome: RetryOutcome,
    kind: K,
  ): asserts outcome is Extract<RetryOutcome, { kind: K }> {
    assert.equal(outcome.kind, kind, JSON.stringify(outcome));
  }

  const ended = (faults: readonly Omit<FaultRule, 'number'>[], changes: Partial<SmsJob> = {}) =>
    endedSend(fixture, faults, changes);

  /** A send that may have been sent, as its log did not show the message while it asked. */
  async function unknown(recorded: boolean, changes: Partial<SmsJob> = {}) {
    fixture.simulator.setFaults(recorded ? [{ kind: 'log-empty', times: 1 }] : []);
    const send = await ended([recorded ? TAKEN : LOST], changes);
    await expectSmsError(fixture.client.get(send.workflowId).result(), 'SEND_OUTCOME_UNKNOWN');
    return send;
  }

  /** A retry whose parts are told something else than by default. */
  function retryWith(
    parts: Pick<RetryContext, 'now' | 'longestOutMs'>,
    workflowId: string,
    onSettling?: RetryOptions['onSettling'],
  ): Promise<RetryOutcome> {
    const { temporal, taskQueue, payloadKeys } = fixture;
    const recipientKey = createRecipientKey(parsePayloadKeys(payloadKeys)[0]);
    const options = onSettling === undefined ? {} : { onSettling };
    return retrySend(temporal, workflowId, { taskQueue, recipientKey, ...parts }, options);
  }

  const reset = (workflowId: string) => resetToStart(fixture.temporal, workflowId);

  it('starts the same job once the log does not show the message that was refused', async () => {
    const { client, temporal } = fixture;
    const metadata = { huntId: 'hunt-1', leadId: 'lead-1' };
    const { job, workflowId } = await ended([{ kind: 'http-400' }], { metadata });
    const outcome = await client.retry(workflowId);
    assertKind(outcome, 'started');
    assert.deepEqual(
      { ...outcome, runId: '' },
      {
        ...{ kind: 'started', runId: '', workflowId: `${workflowId}-retry-1`, retryOf: workflowId },
        ...{ settledFirst: true, deadlineRenewed: false },
      },
    );
    const { messageId } = await client.get(outcome.workflowId).result();
    assert.deepEqual(
      messagesTo(job).map(({ id, text }) => ({ id, text })),
      [{ id: messageId, text: job.message }],
    );
    const { traceIds } = await client.get(outcome.workflowId).status();
    assert.deepEqual(traceIds, { ...metadata, accountId: fixture.accountId });
    const describe = (id: string) => temporal.workflow.getHandle(id).describe();
    const [old, retry] = [await describe(workflowId), await describe(outcome.workflowId)];
    const keyOf = ({ typedSearchAttributes }: typeof old) =>
      typedSearchAttributes.getAll().find(({ key }) => key.name === 'SmsRecipientKey')?.value;
    assert.ok(keyOf(old) !== undefined);
    assert.equal(keyOf(retry), keyOf(old));
    assert.deepEqual(retry.memo, old.memo);
  });

  for (const [what, refusal] of [
    ['a refused message', { kind: 'rejected', code: 'MESSAGE_SEND_FAILED', reason: 'refused' }],
    ['a refused key', { kind: 'rejected', code: 'API_KEY_INVALID', reason: 'refused' }],
    [
      'an offline phone',
      {
        kind: 'not-sent',
        code: 'PROVIDER_UNAVAILABLE',
        reason: 'the phone is offline',
        lookBeforeRepeat: true,
      },
    ],
  ] as const) {
    it(`sends nothing again where the log shows the message of ${what} all the same`, async () => {
      const lying = await createSendFixture({
        change: (ports) => ({
          ...ports,
          provider: {
            async send(request) {
              await ports.provider.send(request);
              return refusal;
            },
          },
        }),
      });
      try {
        const { client, simulator } = lying;
        // The first look comes too early to show it.
        if (refusal.kind === 'not-sent') simulator.addFaults({ kind: 'log-empty', times: 1 });
        const job = lying.job({ options: { expiresAt: new Date(Date.now() + 4_000).toISOString() } });
        const sent = await client.send(job);
        await sent.result().catch(() => undefined);
        const requests = () => simulator.requests().length;
        const before = requests();
        const outcome = await client.retry(sent.workflowId);
        assertKind(outcome, 'was-sent');
        assert.ok(simulator.messages().some(({ id }) => id === outcome.messageId));
        assert.equal(requests(), before);
      } finally {
        await lying.close();
      }
    });
  }

  it('refuses to retry what was refused while the log does not answer', async () => {
    const { client, simulator } = fixture;
    const { job, workflowId } = await ended([{ kind: 'http-400' }]);
    simulator.setFaults([{ kind: 'log-500' }]);
    const outcome = await client.retry(workflowId);
    assertKind(outcome, 'refused');
    assert.equal(outcome.why, 'unsettled');
    assert.equal(messagesTo(job).length, 0);
  });

  it('starts one retry for all who ask, at once or later', async () => {
    const { client } = fixture;
    const { job, workflowId } = await ended([{ kind: 'http-400' }]);
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => client.retry(workflowId)));
    assert.deepEqual(outcomes.map(({ kind }) => kind).sort(), [
      ...['already-retried', 'already-retried', 'already-retried', 'started'],
    ]);
    await client.get(`${workflowId}-retry-1`).result();
    const later = await client.retry(workflowId);
    assertKind(later, 'already-retried');
    assert.equal(later.workflowId, `${workflowId}-retry-1`);
    assert.equal(later.status, 'sent');
    assert.equal(messagesTo(job).length, 1);
  });

  it('starts one retry of what may have been sent, too, when two ask at once', async () => {
    const { client } = fixture;
    const { job, workflowId } = await unknown(false);
    const outcomes = await Promise.all([client.retry(workflowId), client.retry(workflowId)]);
    assert.deepEqual(outcomes.map(({ kind }) => kind).sort(), ['already-retried', 'started']);
    await client.get(`${workflowId}-retry-1`).result();
    assert.equal(messagesTo(job).length, 1);
  });

  it('sends nothing where the log shows the message of the old send', async () => {
    const { client, simulator } = fixture;
    const { job, workflowId } = await unknown(true);
    const [message] = messagesTo(job);
    for (const times of [1, 2]) {
      const outcome = await client.retry(workflowId);
      assertKind(outcome, 'was-sent');
      assert.equal(outcome.messageId, message?.id, `time ${times}`);
    }
    await expectSmsError(client.get(`${workflowId}-retry-1`).status(), 'NOT_FOUND');
    assert.equal(simulator.requests().filter(({ fields }) => fields['message'] === job.message).length, 1);
  });

  it('starts it once where the log, asked again, does not show the message', async () => {
    const { client } = fixture;
    const { job, workflowId } = await unknown(false);
    const settlings: Date[] = [];
    const outcome = await client.retry(workflowId, {
      onSettling: ({ believedFrom }) => settlings.push(believedFrom),
    });
    assertKind(outcome, 'started');
    assert.equal(outcome.settledFirst, true);
    assert.equal(settlings.length, 1);
    await client.get(outcome.workflowId).result();
    assert.equal(messagesTo(job).length, 1);
  });

  it('refuses while the log cannot tell, says why, and starts it with force', async () => {
    const { client, simulator } = fixture;
    const { job, workflowId } = await unknown(false);
    simulator.setFaults([{ kind: 'log-500' }]);
    const refused = await client.retry(workflowId);
    assertKind(refused, 'refused');
    assert.equal(refused.why, 'unsettled');
    assert.match(refused.reason, /HTTP 500/);
    assertKind(await client.retry(workflowId, { force: true }), 'started');
    await client.get(`${workflowId}-retry-1`).result();
    assert.equal(messagesTo(job).length, 1);
  });

  it('counts up from retry to retry, and looks for a late message of each send before', async () => {
    const { client } = fixture;
    const { job, workflowId } = await unknown(true);
    fixture.simulator.setFaults([{ kind: 'http-400', times: 1, number: job.recipientPhone }]);
    // Forced, though the message is in the log.
    const forced = await client.retry(workflowId, { force: true });
    assertKind(forced, 'started');
    await expectSmsError(client.get(forced.workflowId).result(), 'MESSAGE_SEND_FAILED');
    const outcome = await client.retry(forced.workflowId);
    assertKind(outcome, 'was-sent');
    assert.equal(outcome.workflowId, workflowId);
    assert.equal(messagesTo(job).length, 1);

    const { workflowId: base } = await ended([{ kind: 'http-400' }, { kind: 'http-403' }]);
    const first = await client.retry(base);
    assertKind(first, 'started');
    await expectSmsError(client.get(first.workflowId).result(), 'API_KEY_INVALID');
    const second = await client.retry(first.workflowId);
    assertKind(second, 'started');
    assert.equal(second.workflowId, `${base}-retry-2`);
    const old = await client.retry(base);
    assertKind(old, 'already-retried');
    assert.deepEqual({ status: old.status, code: old.code }, { status: 'failed', code: 'API_KEY_INVALID' });
  });

  it('says what it would do, and does nothing', async () => {
    const { client } = fixture;
    const { workflowId } = await unknown(true);
    const outcome = await client.retry(workflowId, { dryRun: true });
    assertKind(outcome, 'would-start');
    assert.equal(outcome.settledFirst, true);
    await expectSmsError(client.get(outcome.workflowId).status(), 'NOT_FOUND');
  });

  it('refuses what runs, what was sent, what would fail again, and what is no send', async () => {
    const { client, temporal, taskQueue } = fixture;
    const done = await client.send(fixture.job());
    await done.result();
    const waiting = await client.send(fixture.job(), { sendAt: new Date(Date.now() + 3_600_000) });
    const byHand = `by-hand-${randomUUID()}`;
    const invalid = await temporal.workflow.start(WORKFLOW_TYPE, {
      ...{ workflowId: byHand, taskQueue, args: [{ ...fixture.job(), message: ' ' }] },
    });
    await invalid.result().catch(() => undefined);
    for (const [workflowId, why] of [
      [done.workflowId, 'sent'],
      [waiting.workflowId, 'running'],
      [byHand, 'would-fail-again'],
    ] as const) {
      const outcome = await client.retry(workflowId, { force: true });
      assertKind(outcome, 'refused');
      assert.equal(outcome.why, why);
    }
    await client.cancel(waiting.workflowId);
    await expectSmsError(client.retry(`sms-${randomUUID()}`), 'NOT_FOUND');
  });

  it('gives the new send a deadline of its own where the old one has passed', async () => {
    const { client } = fixture;
    const expiresAt = new Date(Date.now() + 3_000).toISOString();
    const job = fixture.job({ options: { expiresAt } });
    fixture.simulator.addFaults({ kind: 'error-2', number: job.recipientPhone });
    const sent = await client.send(job);
    await expectSmsError(sent.result(), 'MESSAGE_EXPIRED');
    fixture.simulator.setFaults([]);
    const outcome = await client.retry(sent.workflowId);
    assertKind(outcome, 'started');
    assert.equal(outcome.deadlineRenewed, true);
    await client.get(outcome.workflowId).result();
    assertKind(await client.retry(sent.workflowId), 'already-retried');
  });

  it('does not start a send again that was reset and whose message the log does not show; nor its retry', async () => {
    const { client, temporal } = fixture;
    const { job, workflowId } = await ended([{ kind: 'http-400' }], { options: { unknownChecksMs: [100] } });
    fixture.simulator.setFaults([{ kind: 'http-403', times: 1, number: job.recipientPhone }]);
    const retry = await client.retry(workflowId);
    assertKind(retry, 'started');
    await expectSmsError(client.get(retry.workflowId).result(), 'API_KEY_INVALID');
    await reset(workflowId);
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
      const { status } = await temporal.workflow.getHandle(`sms-settle-${originalRunId ?? ''}`).describe();
      return status.name === 'RUNNING';
    });
    await temporal.workflow.getHandle(`sms-settle-${originalRunId ?? ''}`).terminate();
    const outcome = await waited;
    assertKind(outcome, 'refused');
    assert.equal(outcome.why, 'unsettled');
    assert.equal(messagesTo(job).length, 0);
  });

  /** Starts a send without our client, under any workflow id, described as our client does. */
  async function startByHand(workflowId: string, job: SmsJob, temporal = fixture.temporal): Promise<void> {
    const { taskQueue } = fixture;
    const memo = clearMemo({ accountId: job.accountId, ...job.metadata });
    const run = await temporal.workflow.start(WORKFLOW_TYPE, { workflowId, taskQueue, args: [job], memo });
    await run.result().catch(() => undefined);
  }

  it('refuses an id that belongs to another job', async () => {
    const { client } = fixture;
    const { workflowId } = await ended([{ kind: 'http-400' }]);
    await startByHand(`${workflowId}-retry-1`, fixture.job());
    await expectSmsError(client.retry(workflowId), 'IDEMPOTENCY_KEY_REUSED');
  });

  for (const [what, other] of [
    ['recipient', () => ({ recipientPhone: fixture.job().recipientPhone })],
    ['text', () => ({ message: 'Bonsoir' })],
    ['account', async () => ({ accountId: await fixture.addAccount() })],
  ] as const) {
    it(`judges a send on its own whose id only looks like a retry's: another ${what}`, async () => {
      const { client, simulator } = fixture;
      const job = fixture.job();
      const base = await client.send(job);
      await base.result();
      const secondJob = { ...job, ...(await other()) };
      const { accountId } = secondJob;
      simulator.setFaults([{ kind: 'http-400', times: 1, number: secondJob.recipientPhone }]);
      await startByHand(`${base.workflowId}-retry-1`, secondJob);
      const outcome = await client.retry(`${base.workflowId}-retry-1`);
      assertKind(outcome, 'started');
      assert.equal(outcome.workflowId, `${base.workflowId}-retry-2`);
      const retry = client.get(outcome.workflowId);
      if (accountId !== job.accountId) {
        await expectSmsError(retry.result(), 'API_KEY_REQUIRED');
        return;
      }
      const { messageId } = await retry.result();
      assert.ok(messagesTo(secondJob).some(({ id, text }) => id === messageId && text === secondJob.message));
      assert.equal(messagesTo(secondJob).filter(({ text }) => text === secondJob.message).length, 1);
    });
  }

  it('still asks about the send before, where options and ids of the two differ', async () => {
    const { client, simulator } = fixture;
    const job = fixture.job();
    const base = await client.send(job);
    const { messageId } = await base.result();
    simulator.setFaults([{ kind: 'http-400', times: 1, number: job.recipientPhone }]);
    const metadata = { leadId: 'lead-2' };
    const accountId = job.accountId.toUpperCase();
    await startByHand(`${base.workflowId}-retry-1`, { ...job, accountId, metadata });
    const outcome = await client.retry(`${base.workflowId}-retry-1`);
    assertKind(outcome, 'was-sent');
    assert.equal(outcome.messageId, messageId);
  });

  it('gives the new send a deadline of its own where the old one passes while the log is asked', async () => {
    const { client } = fixture;
    const expiresAtMs = Date.now() + 3_600_000;
    const expiresAt = new Date(expiresAtMs).toISOString();
    const { job, workflowId } = await unknown(false, {
      options: { unknownChecksMs: [100], onUnknown: 'fail', expiresAt },
    });
    const dry = await client.retry(workflowId, { dryRun: true });
    assertKind(dry, 'would-start');
    assert.equal(dry.deadlineRenewed, false);
    let [hasPassed, settlings] = [false, 0];
    const outcome = await retryWith(
      { now: () => (hasPassed ? expiresAtMs + 1_000 : Date.now()) },
      workflowId,
      () => {
        settlings++;
        hasPassed = true;
      },
    );
    assert.equal(settlings, 1);
    assertKind(outcome, 'started');
    assert.equal(outcome.deadlineRenewed, true);
    await client.get(outcome.workflowId).result();
    assert.equal(messagesTo(job).length, 1);
  });

  it('starts what was refused only for coming unencrypted: the retry is encrypted', async () => {
    const strict = await createSendFixture({ requireEncrypted: true });
    try {
      const { client, temporal, taskQueue, simulator } = strict;
      const job = strict.job();
      const { connection, options } = temporal;
      const plain = new Client({ connection, namespace: options.namespace });
      const workflowId = `by-hand-${randomUUID()}`;
      const run = await plain.workflow.start(WORKFLOW_TYPE, { workflowId, taskQueue, args: [job] });
      await run.result().catch(() => undefined);
      await expectSmsError(client.get(workflowId).result(), 'VALIDATION_FAILED');
      const outcome = await client.retry(workflowId);
      assertKind(outcome, 'started');
      const { messageId } = await client.get(outcome.workflowId).result();
      assert.deepEqual(
        simulator.messages().map(({ id, text }) => ({ id, text })),
        [{ id: messageId, text: job.message }],
      );
    } finally {
      await strict.close();
    }
  });

  describe('of a send that was terminated', () => {
    const terminate = (workflowId: string) => fixture.temporal.workflow.getHandle(workflowId).terminate();

    it('starts it at once where no request was made', async () => {
      const { client } = fixture;
      const job = fixture.job();
      const sent = await client.send(job, { sendAt: new Date(Date.now() + 1_000) });
      await terminate(sent.workflowId);
      const outcome = await client.retry(sent.workflowId);
      assertKind(outcome, 'started');
      assert.equal(outcome.settledFirst, false);
      await client.get(outcome.workflowId).result();
      assert.equal(messagesTo(job).length, 1);
    });

    it('finds the message whose request was out in that moment', async () => {
      const { client, simulator } = fixture;
      const job = fixture.job({ options: { unknownChecksMs: [100] } });
      simulator.addFaults({ kind: 'slow-reply', recorded: true, delayMs: 5_000, number: job.recipientPhone });
      const sent = await client.send(job);
      await requestIsOut(fixture, { job, workflowId: sent.workflowId });
      await terminate(sent.workflowId);
      await waitUntil('the phone to have it', () => messagesTo(job).length === 1);
      const outcome = await client.retry(sent.workflowId);
      assertKind(outcome, 'was-sent');
      assert.equal(outcome.messageId, messagesTo(job)[0]?.id);
      assert.equal(messagesTo(job).length, 1);
    });

    it('believes a log that does not show it only when no request can be out any more', async () => {
      const { client, simulator } = fixture;
      // Of the 130 s that it is unless a test says otherwise.
      const longestOutMs = 6_000;
      // A log that does not show it says nothing of a run that was reset: the row may have left it.
      const { job: otherJob, workflowId: otherId } = await ended([{ kind: 'http-400' }], {
        options: { unknownChecksMs: [100] },
      });
      await reset(otherId);
      await statusIs(fixture, otherId, 'held');
      await client.resolve(otherId, { abandon: true });
      await expectSmsError(client.get(otherId).result(), 'SEND_OUTCOME_UNKNOWN');
      const job = fixture.job({ options: { unknownChecksMs: [100] } });
      const lost = { recorded: false, times: 1, number: job.recipientPhone } as const;
      simulator.addFaults({ kind: 'slow-reply', delayMs: longestOutMs - 1_000, ...lost });
      const sent = await client.send(job);
      await requestIsOut(fixture, { job, workflowId: sent.workflowId });
      await terminate(sent.workflowId);
      const terminatedAtMs = Date.now();
      let believedFromMs = 0;
      const [outcome, other] = await Promise.all([
        retryWith({ longestOutMs }, sent.workflowId, ({ believedFrom }) => {
          believedFromMs = believedFrom.getTime();
        }),
        retryWith({ longestOutMs }, otherId),
      ]);
      assertKind(other, 'refused');
      assert.match(other.reason, /was reset/);
      assert.equal(messagesTo(otherJob).length, 0);
      assertKind(outcome, 'started');
      const startedAtMs = Date.now();
      const waitMs = believedFromMs - terminatedAtMs;
      assert.ok(waitMs > longestOutMs - 1_000, String(waitMs));
      assert.ok(startedAtMs >= believedFromMs - 1_000);
      await client.get(outcome.workflowId).result();
      assert.equal(messagesTo(job).length, 1);
    });
  });
});
