import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { ActivityPorts } from '../../src/activities/ports.js';
import type { SmsJob } from '../../src/client.js';
import { addAccount } from '../../tools/dev/demo-account.js';
import { SmsError } from '../../src/domain/errors.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import type { SendOutcome } from '../../src/domain/send-outcome.js';
import type { FaultRule } from '../../tools/simulator/fault-rule.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { OPEN_POLICY, policyRows } from './policy-rows.js';
import { fetchHistory, HISTORY_PAYLOAD_KEYS } from './run-history.js';
import { statusIs } from './started-sends.js';
import type { FixtureOptions, SendFixture } from './send-fixture.js';

/** One path that a run can take. */
type HistoryScenario = { readonly name: string } & (
  | {
      readonly fixture?: FixtureOptions;
      /** Returns the workflow id once the run is closed. */
      readonly run: (fixture: SendFixture) => Promise<string>;
    }
  | {
      /** The faults of a run whose hours are skipped. */
      readonly overHours: Partial<ActivityPorts>;
      readonly options?: SmsJob['options'];
    }
);

const OFFLINE: SendOutcome = {
  kind: 'not-sent',
  code: 'PROVIDER_UNAVAILABLE',
  reason: 'the phone is offline',
  httpStatus: 200,
  providerCode: '2',
  lookBeforeRepeat: true,
};

const NOT_SENT: SendOutcome = {
  kind: 'not-sent',
  code: 'PROVIDER_UNAVAILABLE',
  reason: 'the phone is offline',
};

/** Starts a job as it is, without our client's checks, and waits for the end. */
async function byHand(fixture: SendFixture, job: unknown): Promise<string> {
  const workflowId = `by-hand-${randomUUID()}`;
  const handle = await fixture.temporal.workflow.start(WORKFLOW_TYPE, {
    workflowId,
    taskQueue: fixture.taskQueue,
    args: [job],
  });
  await handle.result().catch(() => undefined);
  return workflowId;
}

async function byClient(
  fixture: SendFixture,
  changes: Parameters<SendFixture['job']>[0] = {},
): Promise<string> {
  const job = fixture.job({ metadata: { huntId: 'hunt-7', adId: 'ad-1234', leadId: 'lead-42' }, ...changes });
  const sent = await fixture.client.send(job);
  await sent.result().catch(() => undefined);
  return sent.workflowId;
}

/** A send whose client traces it. */
async function traced(fixture: SendFixture): Promise<string> {
  const { connection, options } = fixture.temporal;
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const headers = { '_tracer-data': defaultPayloadConverter.toPayload({ traceparent }) };
  const temporal = new Client({
    connection,
    namespace: options.namespace,
    interceptors: { workflow: [{ startWithDetails: (input, next) => next({ ...input, headers }) }] },
  });
  return byHand({ ...fixture, temporal }, fixture.job());
}

/** A send whose first request has an unknown outcome. */
async function afterUnknownOutcome(
  fixture: SendFixture,
  { recorded }: { recorded: boolean },
  options: SmsJob['options'] = {},
  meanwhile: (workflowId: string) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const job = fixture.job({ options: { unknownChecksMs: [100, 1_000], ...options } });
  fixture.simulator.addFaults({ kind: 'empty-200', recorded, times: 1, number: job.recipientPhone });
  const sent = await fixture.client.send(job);
  await meanwhile(sent.workflowId);
  await sent.result().catch(() => undefined);
  return sent.workflowId;
}

/** A send that is followed, whose phone does this. */
async function followed(
  fixture: SendFixture,
  fault: FaultRule,
  followChecksMs: readonly number[],
  meanwhile: (workflowId: string) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const job = fixture.job({ options: { follow: true, followChecksMs } });
  fixture.simulator.addFaults({ ...fault, times: 1, number: job.recipientPhone });
  const sent = await fixture.client.send(job);
  await meanwhile(sent.workflowId);
  await sent.result().catch(() => undefined);
  return sent.workflowId;
}

/** A provider whose first answers are these; after them the real one answers. */
function firstAnswers(...outcomes: SendOutcome[]): FixtureOptions {
  const answers = [...outcomes];
  return {
    change: (ports) => ({
      ...ports,
      provider: { send: (request) => Promise.resolve(answers.shift() ?? ports.provider.send(request)) },
    }),
  };
}

/** A database that fails this many times before the real one answers. */
function failingLoads(count: number): FixtureOptions {
  let failures = 0;
  const change = (ports: ActivityPorts): ActivityPorts => ({
    ...ports,
    accounts: {
      findEncryptedApiKey: (...parameters) =>
        failures++ < count
          ? Promise.reject(new SmsError('DATABASE_UNAVAILABLE'))
          : ports.accounts.findEncryptedApiKey(...parameters),
    },
  });
  return { change };
}

/**
 * A database that does not answer these calls, counted from 1, within the time that a local
 * activity has.
 */
function hangingLoads({ from, to }: { from: number; to: number }): FixtureOptions {
  let calls = 0;
  const change = (ports: ActivityPorts): ActivityPorts => ({
    ...ports,
    accounts: {
      async findEncryptedApiKey(...parameters) {
        calls++;
        if (calls >= from && calls <= to) await wait(3_000);
        return await ports.accounts.findEncryptedApiKey(...parameters);
      },
    },
  });
  return { change };
}

/** A marketing message whose account's inbox is read after a while. */
async function marketing(fixture: SendFixture, { readAfterMs }: { readAfterMs: number }): Promise<string> {
  const rows = policyRows(fixture.databaseUrl);
  await rows.setPolicy(fixture.accountId, OPEN_POLICY);
  const reading = (async () => {
    await wait(readAfterMs);
    await rows.readInbox(fixture.accountId);
  })();
  if (readAfterMs === 0) await reading;
  const workflowId = await byClient(fixture, { options: { purpose: 'marketing' } });
  await reading;
  return workflowId;
}

const rejected = (code: 'API_KEY_INVALID' | 'MESSAGE_SEND_FAILED'): SendOutcome => ({
  kind: 'rejected',
  code,
  reason: 'refused',
  httpStatus: 200,
});

/**
 * The courses whose histories are kept: a success, each failure code, each way to wait, and what
 * operators do.
 */
export const HISTORIES: readonly HistoryScenario[] = [
  { name: 'success', run: byClient },
  { name: 'encrypted-success', fixture: { payloadKeys: HISTORY_PAYLOAD_KEYS }, run: byClient },
  { name: 'traced-success', run: traced },
  {
    name: 'encrypted-unknown-then-sent-again',
    fixture: { payloadKeys: HISTORY_PAYLOAD_KEYS },
    run: (fixture) => afterUnknownOutcome(fixture, { recorded: false }),
  },
  {
    name: 'success-by-hand',
    run: (fixture) => byHand(fixture, fixture.job({ metadata: { huntId: 'hunt-7' } })),
  },
  {
    // As a run that is woken from its start delay.
    name: 'waits-for-its-time',
    run: (fixture) => {
      const sendAt = new Date(Date.now() + 5_000).toISOString();
      return byHand(fixture, fixture.job({ options: { sendAt } }));
    },
  },
  { name: 'VALIDATION_FAILED', run: (fixture) => byHand(fixture, { ...fixture.job(), accountId: 'none' }) },
  { name: 'PHONE_NUMBER_INVALID', run: (fixture) => byHand(fixture, fixture.job({ recipientPhone: '06' })) },
  { name: 'MESSAGE_REQUIRED', run: (fixture) => byHand(fixture, fixture.job({ message: ' ' })) },
  { name: 'API_KEY_REQUIRED', run: (fixture) => byClient(fixture, { accountId: randomUUID() }) },
  {
    name: 'RECIPIENT_OPTED_OUT',
    run: async (fixture) => {
      const job = fixture.job();
      await policyRows(fixture.databaseUrl).optOut({ accountId: job.accountId, phone: job.recipientPhone });
      return byClient(fixture, job);
    },
  },
  { name: 'marketing-success', run: (fixture) => marketing(fixture, { readAfterMs: 0 }) },
  {
    name: 'marketing-waits-then-success',
    run: (fixture) => marketing(fixture, { readAfterMs: 4_000 }),
  },
  {
    name: 'ENCRYPTION_KEY_MISSING',
    fixture: { change: (ports) => ({ ...ports, cipher: undefined }) },
    run: byClient,
  },
  {
    name: 'API_KEY_DECRYPTION_FAILED',
    run: async (fixture) => {
      const encryptionKey = randomBytes(32).toString('hex');
      return byClient(fixture, {
        accountId: await addAccount(fixture.databaseUrl, { apiKey: 'key', encryptionKey }),
      });
    },
  },
  { name: 'API_KEY_INVALID', fixture: firstAnswers(rejected('API_KEY_INVALID')), run: byClient },
  { name: 'MESSAGE_SEND_FAILED', fixture: firstAnswers(rejected('MESSAGE_SEND_FAILED')), run: byClient },
  { name: 'DATABASE_UNAVAILABLE-then-success', fixture: failingLoads(5), run: byClient },
  { name: 'PROVIDER_UNAVAILABLE-then-success', fixture: firstAnswers(NOT_SENT, NOT_SENT), run: byClient },
  { name: 'phone-offline-then-success', fixture: firstAnswers(OFFLINE, OFFLINE), run: byClient },
  {
    name: 'phone-offline-then-found',
    fixture: {
      change: (ports) => ({
        ...ports,
        provider: { send: async (request) => (await ports.provider.send(request), OFFLINE) },
      }),
    },
    run: (fixture) => byClient(fixture, { options: { unknownChecksMs: [100] } }),
  },
  {
    name: 'RATE_LIMITED-then-success',
    fixture: firstAnswers({
      kind: 'not-sent',
      code: 'RATE_LIMITED',
      reason: 'slow',
      httpStatus: 429,
      retryAfterMs: 5000,
    }),
    run: byClient,
  },
  {
    name: 'SEND_OUTCOME_UNKNOWN',
    run: (fixture) => afterUnknownOutcome(fixture, { recorded: false }, { onUnknown: 'fail' }),
  },
  { name: 'unknown-then-found', run: (fixture) => afterUnknownOutcome(fixture, { recorded: true }) },
  { name: 'unknown-then-sent-again', run: (fixture) => afterUnknownOutcome(fixture, { recorded: false }) },
  {
    name: 'unknown-then-held-then-sent-again',
    run: (fixture) =>
      afterUnknownOutcome(fixture, { recorded: false }, { onUnknown: 'hold' }, async (workflowId) => {
        await statusIs(fixture, workflowId, 'held');
        await fixture.client.resolve(workflowId, { resend: true });
      }),
  },
  {
    name: 'unknown-then-held-then-named',
    run: (fixture) =>
      afterUnknownOutcome(fixture, { recorded: false }, { maxResends: 0 }, async (workflowId) => {
        await statusIs(fixture, workflowId, 'held');
        await fixture.client.resolve(workflowId, { sent: true, messageId: randomUUID() });
      }),
  },
  {
    name: 'unknown-then-held-then-expired',
    run: (fixture) => {
      fixture.simulator.addFaults({ kind: 'log-500' });
      const expiresAt = new Date(Date.now() + 8_000).toISOString();
      return afterUnknownOutcome(fixture, { recorded: true }, { expiresAt });
    },
  },
  {
    // In a replay, the time-out of a local activity looks otherwise than live.
    name: 'unknown-then-database-hangs',
    fixture: hangingLoads({ from: 2, to: 4 }),
    run: (fixture) => afterUnknownOutcome(fixture, { recorded: true }, { unknownChecksMs: [100, 10_000] }),
  },
  {
    name: 'unknown-then-cancelled',
    run: (fixture) =>
      afterUnknownOutcome(
        fixture,
        { recorded: false },
        { unknownChecksMs: [3_600_000] },
        async (workflowId) => {
          await statusIs(fixture, workflowId, 'checking');
          await fixture.client.cancel(workflowId);
        },
      ),
  },
  {
    name: 'MESSAGE_EXPIRED',
    fixture: firstAnswers(NOT_SENT, NOT_SENT, NOT_SENT, NOT_SENT, NOT_SENT, NOT_SENT),
    run: (fixture) =>
      byClient(fixture, { options: { expiresAt: new Date(Date.now() + 5_000).toISOString() } }),
  },
  {
    name: 'DATABASE_UNAVAILABLE-then-MESSAGE_EXPIRED',
    fixture: failingLoads(1000),
    run: (fixture) =>
      byClient(fixture, { options: { expiresAt: new Date(Date.now() + 8_000).toISOString() } }),
  },
  {
    name: 'cancelled-in-back-off',
    fixture: firstAnswers(NOT_SENT, NOT_SENT, NOT_SENT),
    run: async (fixture) => {
      const sent = await fixture.client.send(fixture.job());
      await waitUntil('a back-off', async () => {
        const { events } = await fetchHistory(fixture.temporal, sent.workflowId);
        return events?.some((event) => event.timerStartedEventAttributes);
      });
      await fixture.client.cancel(sent.workflowId);
      await sent.result().catch(() => undefined);
      return sent.workflowId;
    },
  },
  {
    name: 'followed-sent',
    run: (fixture) => followed(fixture, { kind: 'phone-late', phoneDelayMs: 2_500 }, [1_000, 4_000, 60_000]),
  },
  {
    name: 'followed-failed',
    run: (fixture) => followed(fixture, { kind: 'phone-fails' }, [1_000, 3_000]),
  },
  {
    name: 'followed-unknown',
    run: (fixture) => followed(fixture, { kind: 'phone-late', phoneDelayMs: 600_000 }, [1_000, 3_000]),
  },
  {
    name: 'followed-cancelled',
    run: (fixture) =>
      followed(fixture, { kind: 'phone-late', phoneDelayMs: 600_000 }, [600_000], async (workflowId) => {
        await statusIs(fixture, workflowId, 'accepted');
        await fixture.client.cancel(workflowId);
      }),
  },
  {
    // A day of checks at their default moments, and none that the list can be read at.
    name: 'followed-unread-for-a-day',
    overHours: {
      deliveries: {
        read: () =>
          Promise.resolve({
            kind: 'unreadable',
            code: 'PROVIDER_UNAVAILABLE',
            reason: 'the reply was HTTP 500',
          }),
        readPhones: () => Promise.resolve({ kind: 'read', phones: [], skipped: 0 }),
      },
    },
    options: { follow: true },
  },
  {
    // Of the workflow that asks the log before a retry: twice, with a pause, as the window of the
    // old send is not over.
    name: 'reconciled-before-retry',
    run: async (fixture) => {
      const options = { unknownChecksMs: [10_000] };
      const workflowId = await afterUnknownOutcome(fixture, { recorded: false }, options, async (id) => {
        await statusIs(fixture, id, 'checking');
        await fixture.client.cancel(id);
      });
      const { runId } = await fixture.client.get(workflowId).status();
      await fixture.client.retry(workflowId);
      return `sms-reconcile-${runId}`;
    },
  },
  {
    // Every default at once: four checks, then held, asked about for a day, and ended by the
    // deadline.
    name: 'unknown-then-held-until-default-deadline',
    overHours: {
      provider: {
        send: () => Promise.resolve({ kind: 'unknown', reason: 'the reply was empty', httpStatus: 200 }),
      },
      sentMessages: { read: () => Promise.resolve({ kind: 'unreadable', reason: 'the reply was HTTP 500' }) },
    },
  },
  {
    name: 'DATABASE_UNAVAILABLE-until-default-deadline',
    overHours: {
      accounts: { findEncryptedApiKey: () => Promise.reject(new SmsError('DATABASE_UNAVAILABLE')) },
    },
  },
];
