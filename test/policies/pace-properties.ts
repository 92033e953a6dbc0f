import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nextMoment } from '../../src/policies/next-moment.js';
import type { OutreachRow } from '../../src/policies/outreach-history.js';
import type { MomentRequest } from '../../src/policies/pace-limits.js';
import { createSendingHours, type SendingHours } from '../../src/policies/sending-hours.js';
import { DEFAULT_SENDING_POLICY, type SendingPolicy } from '../../src/policies/sending-policy.js';
import { brokenLimits, selectHistory, shortestSpacing } from './outreach-by-force.js';

/** A request whose phone that sends is not chosen yet. */
interface Ask {
  readonly phone: string;
  readonly segments: number;
  readonly laneIndex: number;
}

/** What happens to an account. */
export type Step =
  | { readonly kind: 'ask'; readonly request: Ask; readonly random: number }
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'release'; readonly index: number };

/** An account's policy, and what happens to it in turn. */
export interface Play {
  /** The phones that send; a request names one of them by its index. */
  readonly lanes: readonly string[];
  readonly policy: SendingPolicy;
  readonly steps: readonly Step[];
  readonly lateByMs: number;
}

const DAY = 24 * 60 * 60_000;

/** More new recipients than any play has. */
const ENOUGH = 1_000;

const START = Date.UTC(2026, 2, 27, 6);

/** All hours of all days. */
export const ALWAYS = {
  days: [1, 2, 3, 4, 5, 6, 7],
  opensAt: '00:00',
  closesAt: '24:00',
  holidays: 'none',
} as const;

const policies = fc
  .record({
    perMinute: fc.integer({ min: 1, max: 5 }),
    segmentsPerMinute: fc.integer({ min: 3, max: 8 }),
    perHour: fc.integer({ min: 1, max: 12 }),
    perDay: fc.integer({ min: 1, max: 30 }),
    newRecipientsPer30Days: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.constant(ENOUGH)),
    hours: fc.constantFrom({}, ALWAYS, { opensAt: '22:00', closesAt: '02:30' }),
  })
  .map((values) => {
    const { hours, ...limits } = values;
    return Object.assign({}, DEFAULT_SENDING_POLICY, limits, hours);
  });

const asks = fc.record({
  kind: fc.constant('ask' as const),
  request: fc.record({
    phone: fc.integer({ min: 1, max: 14 }).map((digit) => `+33639980${String(digit).padStart(3, '0')}`),
    segments: fc.integer({ min: 1, max: 3 }),
    laneIndex: fc.nat({ max: 11 }),
  }),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

const passes = fc.record({
  kind: fc.constant('pass' as const),
  minutes: fc.oneof(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 300 }),
    fc.constant(12 * 1_440),
  ),
});

const releases = fc.record({ kind: fc.constant('release' as const), index: fc.nat({ max: 200 }) });

/** Requests in any order, with time that passes and grants that are released. */
export const plays: fc.Arbitrary<Play> = fc.record({
  lanes: fc.constantFrom([''], ['a'], ['', 'a'], ['', 'a', 'b'], ['a', 'b']),
  policy: policies,
  steps: fc.array(
    fc.oneof(
      { arbitrary: asks, weight: 6 },
      { arbitrary: passes, weight: 1 },
      { arbitrary: releases, weight: 1 },
    ),
    { minLength: 20, maxLength: 80, size: 'max' },
  ),
  lateByMs: fc.constantFrom(0, 5_000, 30_000),
});

/** Plays it, and checks each grant and the whole. */
export function playPace({ lanes, policy, steps, lateByMs }: Play): void {
  let nowMs = START;
  let outreach: OutreachRow[] = [];
  for (const step of steps) {
    if (step.kind === 'pass') nowMs += step.minutes * 60_000;
    else if (step.kind === 'release') {
      const ahead = outreach.filter((row) => row.state === 'granted' && row.at > nowMs);
      const row = ahead[step.index % ahead.length];
      outreach = outreach.map((each) =>
        each === row ? Object.assign({}, row, { state: 'released' }) : each,
      );
    } else {
      const { phone, segments, laneIndex } = step.request;
      const request = { phone, segments, lane: lanes[laneIndex % lanes.length] ?? '' };
      outreach = [...outreach, ...grant(request, step.random, { outreach, policy, nowMs, lateByMs })];
    }
  }
  assert.deepEqual(brokenLimits(outreach, policy, lateByMs), []);
  assert.ok(shortestSpacing(outreach) >= 60_000 / policy.perMinute);
}

/** What an account is when something is asked. */
interface Account {
  readonly outreach: readonly OutreachRow[];
  readonly policy: SendingPolicy;
  readonly nowMs: number;
  readonly lateByMs: number;
}

function grant(request: MomentRequest, random: number, account: Account): OutreachRow[] {
  const { outreach, policy, nowMs, lateByMs } = account;
  const hours = createSendingHours(policy, request.phone);
  const history = selectHistory(outreach, request.lane, request.phone, nowMs);
  const ask = (jitter: number) =>
    nextMoment({
      request,
      history,
      policy,
      hours,
      fromMs: nowMs,
      untilMs: nowMs + 90 * DAY,
      random: () => jitter,
      lateByMs,
    });
  const earliest = ask(0);
  const { at, reason } = ask(random);
  assert.equal(earliest.at === undefined, at === undefined);
  if (at === undefined || earliest.at === undefined) {
    assert.notEqual(reason, undefined);
    return [];
  }
  assert.ok(at >= earliest.at && at - earliest.at <= (0.4 * 60_000) / policy.perMinute + 1);
  assert.ok(hours.isOpen(at));
  assert.equal(earliest.at > nowMs, earliest.reason !== undefined);
  checkEarliest(request, account, hours, earliest.at);
  return [Object.assign({}, request, { at, state: 'granted' })];
}

/** No moment before it would do: of all at which something ends that is in the way. */
function checkEarliest(
  request: MomentRequest,
  { outreach, policy, nowMs, lateByMs }: Account,
  hours: SendingHours,
  foundMs: number,
): void {
  const lengths = [60_000, 3_600_000, DAY, 30 * DAY].map((length) => length + lateByMs);
  const ends = outreach.flatMap((row) =>
    [...lengths, 60_000 / policy.perMinute].map((length) => row.at + length),
  );
  const before = [nowMs, ...ends]
    .map(Math.ceil)
    .filter((at) => at >= nowMs && at < foundMs)
    .flatMap((at) => hours.nextOpening(at, foundMs - 1) ?? []);
  if (policy.newRecipientsPer30Days < ENOUGH && isStricter(request, outreach, nowMs)) return;
  for (const at of new Set(before)) {
    const tried = [...outreach, Object.assign({}, request, { at, state: 'granted' })];
    const isTooClose = shortestSpacing(tried) < 60_000 / policy.perMinute;
    assert.ok(
      isTooClose || brokenLimits(tried, policy, lateByMs).length > 0,
      `${new Date(at).toISOString()} would have been earlier`,
    );
  }
}

/**
 * Whether more may count as new than are: a recipient with several requests ahead, of which the
 * first may still be released, and one that another phone knows.
 */
function isStricter(request: MomentRequest, outreach: readonly OutreachRow[], nowMs: number): boolean {
  const counted = outreach.filter((row) => row.state !== 'released');
  const ahead = [...counted.filter((row) => row.at > nowMs), request].map((row) => row.phone);
  const lanes = new Set([...counted, request].map((row) => row.lane));
  return lanes.size > 1 || new Set(ahead).size < ahead.length;
}
