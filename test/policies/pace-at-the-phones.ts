import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { openDatabase } from '../../src/db/database.js';
import { openLockedTransactions } from '../../src/db/locked-transactions.js';
import { createPolicies } from '../../src/db/policies/policies.js';
import { omitUndefined } from '../../src/domain/omit-undefined.js';
import { countSegments } from '../../src/domain/segments.js';
import type { OutreachRow } from '../../src/policies/outreach-history.js';
import { DEFAULT_SENDING_POLICY, type SendingPolicy } from '../../src/policies/sending-policy.js';
import { createSmsMobileApi } from '../../src/provider/sms-mobile-api.js';
import { addAccount } from '../../tools/dev/demo-account.js';
import { startSimulator } from '../../tools/simulator/start-simulator.js';
import type { SimulatorRequest } from '../../tools/simulator/request-log.js';
import { OPEN_POLICY, policyRows } from '../support/policy-rows.js';
import { createWebAppDatabase } from '../support/shared-parts.js';
import { brokenLimits } from './outreach-by-force.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const WORKERS = 16;

/** Of a message here. */
const MAX_SEGMENTS = 3;

/** What arrives at the provider, in the words of what counts it. */
export function toRows(requests: readonly SimulatorRequest[]): OutreachRow[] {
  return requests.map(({ at, fields }) => ({
    at: Date.parse(at),
    phone: fields['recipients'] ?? '',
    segments: countSegments(fields['message'] ?? '').segments,
    lane: fields['sIdentifiant'] ?? '',
    state: 'granted',
  }));
}

/** Texts of one, two and three segments. */
const textOf = (segments: number, index: number) =>
  `Bonjour ${index}`.padEnd(segments === 1 ? 20 : segments * 140, '.');

/** Marketing sends of one account, in this order and all at once, and its limits. */
export interface PacePlay {
  readonly sends: readonly { readonly phone: number; readonly segments: number }[];
  readonly policy: Pick<SendingPolicy, 'perMinute' | 'segmentsPerMinute' | 'perHour' | 'perDay'>;
}

/** Plays of this many sends. */
export function pacePlays(count: number): fc.Arbitrary<PacePlay> {
  return fc.record({
    sends: fc.array(
      fc.record({
        phone: fc.integer({ min: 1, max: 20 }),
        segments: fc.integer({ min: 1, max: MAX_SEGMENTS }),
      }),
      { minLength: count, maxLength: count },
    ),
    policy: fc.oneof(
      // Only the messages of a minute are limited, and the rate is known.
      fc.record({
        perMinute: fc.integer({ min: 2, max: 12 }),
        segmentsPerMinute: fc.constant(MAX_SEGMENTS * 12),
        perHour: fc.constant(count),
        perDay: fc.constant(count),
      }),
      fc.record({
        perMinute: fc.integer({ min: 2, max: 12 }),
        segmentsPerMinute: fc.integer({ min: 6, max: 24 }),
        perHour: fc.integer({ min: Math.ceil(count / 3), max: count }),
        perDay: fc.integer({ min: Math.ceil(count / 2), max: count }),
      }),
    ),
  });
}

/** One send, as its run would do it. */
interface Send {
  readonly message: ReturnType<typeof toMessages>[number];
  readonly index: number;
  /** When it does its next step. */
  atMs: number;
  ticket: string;
  supersedes: string | undefined;
  isGranted: boolean;
}

/**
 * Plays it with the decisions of sixteen workers, each with connections of its own, by a clock of
 * its own; who is due at the same time goes at the same time. All workers stop for two hours once a
 * third of the requests was made.
 */
export async function playWithStoppedWorkers(play: PacePlay): Promise<void> {
  let nowMs = Date.now();
  const apiKey = `key-${randomUUID()}`;
  const url = await createWebAppDatabase();
  const simulator = await startSimulator({ apiKeys: [apiKey], phoneDelayMs: 0, now: () => nowMs });
  const provider = createSmsMobileApi({ baseUrl: simulator.url });
  const workers = Array.from({ length: WORKERS }, () => {
    const database = openDatabase({ url, maxConnections: 1 });
    const transactions = openLockedTransactions(url);
    return {
      policies: createPolicies({ database, transactions, now: () => nowMs }),
      close: () => Promise.all([database.close(), transactions.close()]),
    };
  });
  try {
    const accountId = await addAccount(url, { apiKey, encryptionKey: 'a'.repeat(64) });
    await policyRows(url).setPolicy(accountId, toColumns(play.policy));
    await policyRows(url).readInbox(accountId, Date.UTC(2100, 0, 1));

    const step = async (send: Send) => {
      const worker = workers[send.index % WORKERS];
      assert.ok(worker);
      const { recipientPhone, message } = send.message;
      const base = {
        workflowId: `sms-${send.index}`,
        accountId,
        recipientPhone,
        lane: '',
        ticket: send.ticket,
      };
      if (send.isGranted) {
        const clearance = await worker.policies.clear(base);
        if (clearance.kind === 'clear') {
          const outcome = await provider.send({ apiKey, recipientPhone, message });
          assert.equal(outcome.kind, 'accepted');
          return [];
        }
        assert.equal(clearance.kind, 'missed');
        Object.assign(send, { isGranted: false, supersedes: send.ticket, ticket: randomUUID() });
        return [send];
      }
      const { answer } = await worker.policies.reserveMoment({
        ...base,
        segments: countSegments(message).segments,
        deadlineMs: nowMs + 30 * DAY_MS,
        ...omitUndefined({ supersedes: send.supersedes }),
      });
      assert.equal(answer.kind, 'granted');
      Object.assign(send, { isGranted: true, supersedes: undefined, atMs: nowMs + answer.waitMs });
      return [send];
    };

    let sends = toMessages(play).map((message, index): Send => {
      return { message, index, atMs: nowMs, ticket: randomUUID(), supersedes: undefined, isGranted: false };
    });
    let stoppedAt: number | undefined;
    while (sends.length > 0) {
      nowMs = Math.max(nowMs, Math.min(...sends.map(({ atMs }) => atMs)));
      if (stoppedAt === undefined && simulator.requestCount() > play.sends.length / 3) {
        stoppedAt = simulator.requestCount();
        nowMs += 2 * HOUR_MS;
      }
      const due = sends.filter(({ atMs }) => atMs <= nowMs);
      const goOn = (await Promise.all(due.map(step))).flat();
      sends = [...sends.filter((send) => !due.includes(send)), ...goOn];
    }
    judge(play, simulator.requests(), [stoppedAt ?? 0, simulator.requestCount()]);
  } finally {
    await Promise.all(workers.map(({ close }) => close()));
    provider.close();
    await simulator.close();
  }
}

/**
 * Each once, as none is starved and none repeated; within the limits of every window; and between
 * stops, which come after so many requests, at least 0.9 of the rate.
 */
function judge({ sends, policy }: PacePlay, requests: readonly SimulatorRequest[], stops: readonly number[]) {
  assert.deepEqual(
    requests.map(({ fields }) => fields['message']).sort(),
    sends.map(({ segments }, index) => textOf(segments, index)).sort(),
  );
  const limits = Object.assign({}, DEFAULT_SENDING_POLICY, policy, { newRecipientsPer30Days: 1_000 });
  assert.deepEqual(brokenLimits(toRows(requests), limits), []);
  if (policy.segmentsPerMinute < MAX_SEGMENTS * 12) return;
  let from = 0;
  for (const stop of stops) {
    const share = shareOfRate(toRows(requests.slice(from, stop)), limits);
    assert.ok(share >= 0.9, `${share} of the rate, ${JSON.stringify({ policy, from, stop })}`);
    from = stop;
  }
}

const toColumns = (policy: PacePlay['policy']) =>
  Object.assign({}, OPEN_POLICY, {
    per_minute: policy.perMinute,
    segments_per_minute: policy.segmentsPerMinute,
    per_hour: policy.perHour,
    per_day: policy.perDay,
  });

const toMessages = ({ sends }: PacePlay) =>
  sends.map(({ phone, segments }, index) => ({
    recipientPhone: `+33639980${String(phone).padStart(3, '0')}`,
    message: textOf(segments, index),
  }));

/**
 * By so much jitter may lengthen the last minute: from one full minute to the next it may not lower
 * the rate by more than a tenth.
 */
const LAST_JITTER_MS = 0.4 * MINUTE_MS;

/**
 * The least time that these requests take under the limit of a minute, as a part of the time they
 * took.
 */
function shareOfRate(rows: readonly OutreachRow[], policy: SendingPolicy): number {
  const moments = rows.map(({ at }) => at).sort((one, other) => one - other);
  const took = (moments.at(-1) ?? 0) - (moments[0] ?? 0);
  if (took <= LAST_JITTER_MS) return 1;
  const least = (rows.length - 1) * (MINUTE_MS / policy.perMinute);
  return least / (took - LAST_JITTER_MS);
}
