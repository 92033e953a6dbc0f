import type { WaitReason } from '../domain/wait-reason.js';
import { busyByCount, busyStretches, distinct, sumOf, type BusyStretch } from './busy-stretches.js';
import { DAY_MS } from './days.js';
import type { FirstContact, LaneHistory } from './outreach-history.js';
import type { SendingPolicy } from './sending-policy.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The moments that one limit of one phone leaves no room at. */
export interface BusyLimit {
  /** Which limit it is. */
  readonly reason: WaitReason;
  /** In order. */
  readonly stretches: readonly BusyStretch[];
}

/** What is asked to be sent. */
export interface MomentRequest {
  /** The recipient, in E.164. */
  readonly phone: string;
  /** How many segments the message has. */
  readonly segments: number;
  /** The phone that shall send it, or '' for any of the account's. */
  readonly lane: string;
}

/** The shortest time between two requests of a phone, in milliseconds. */
export function spacingMs(policy: SendingPolicy): number {
  return Math.ceil(MINUTE_MS / policy.perMinute);
}

/**
 * The limits of a policy, for one more request by a phone with this history. Every window is longer
 * by `lateByMs`: requests that are made at most that late then break no limit either.
 */
export function busyLimits(
  request: MomentRequest,
  history: LaneHistory,
  policy: SendingPolicy,
  nowMs: number,
  lateByMs: number,
): readonly BusyLimit[] {
  const requests = (reason: WaitReason, limit: number, windowMs: number): BusyLimit => ({
    reason,
    stretches: busyByCount(history.rows, limit, windowMs),
  });
  return [
    requests('spacing', 1, spacingMs(policy)),
    requests('per-minute', policy.perMinute, MINUTE_MS + lateByMs),
    {
      reason: 'segments-per-minute',
      stretches: busyStretches(
        history.rows,
        sumOf((row) => row.segments),
        policy.segmentsPerMinute - request.segments,
        MINUTE_MS + lateByMs,
      ),
    },
    requests('per-hour', policy.perHour, HOUR_MS + lateByMs),
    requests('per-day', policy.perDay, DAY_MS + lateByMs),
    newRecipients(request, history, policy.newRecipientsPer30Days, nowMs, 30 * DAY_MS + lateByMs),
  ];
}

/**
 * A recipient is new until the moment of its first contact has passed. Until then that contact may
 * still be released, and a later one be the first: so all of its requests stand for it, and each is
 * checked.
 */
function newRecipients(
  request: MomentRequest,
  history: LaneHistory,
  limit: number,
  nowMs: number,
  windowMs: number,
): BusyLimit {
  const reason = 'new-recipients';
  const { rows, firstContacts } = history;
  const isKnown = (one: FirstContact) => one.phone === request.phone && one.at <= nowMs;
  if (rows.some(isKnown) || firstContacts.some(isKnown)) return { reason, stretches: [] };
  const firstContactAt = new Map<string, number>();
  // Not of rows that have passed: a contact from before all that is read may precede them.
  for (const { phone, at } of firstContacts)
    firstContactAt.set(phone, Math.min(at, firstContactAt.get(phone) ?? Infinity));
  const passed = [...firstContactAt]
    .filter(([, at]) => at <= nowMs && at > nowMs - windowMs)
    .map(([phone, at]) => ({ phone, at }))
    .sort((one, other) => one.at - other.at);
  const ahead = rows.filter(
    ({ phone, at }) => at > nowMs && phone !== request.phone && (firstContactAt.get(phone) ?? at) > nowMs,
  );
  const contacts = [...passed, ...ahead];
  return {
    reason,
    stretches: busyStretches(
      contacts,
      distinct(({ phone }) => phone),
      limit - 1,
      windowMs,
    ),
  };
}
