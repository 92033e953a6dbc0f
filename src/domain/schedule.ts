import type { SmsJob } from './sms-job.js';

/** How long a message may wait when the job does not say, in milliseconds. */
export const DEFAULT_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** The longest time from a `sendSms` start to its end, in milliseconds; the HTTP time-out lies well below. */
export const SEND_START_TO_CLOSE_MS = 60_000;

/** The longest that a message may wait, in milliseconds: with more attempts, a run would outgrow its history. */
export const LONGEST_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * The moment after which the message must not be sent any more, in epoch milliseconds.
 *
 * @param run when the run was started, and the time now, after a start delay
 */
export function deadlineOf(job: SmsJob, run: { startedAtMs: number; nowMs: number }): number {
  const { expiresAt } = job.options ?? {};
  const wanted = expiresAt === undefined ? run.startedAtMs + DEFAULT_LIFETIME_MS : Date.parse(expiresAt);
  return Math.min(wanted, run.nowMs + LONGEST_LIFETIME_MS);
}

const FIRST_DELAY_MS = 2_000;
const LONGEST_DELAY_MS = 10 * 60_000;

/** After a day of tries every 10 min, the waits grow to an hour: an event is kept for each step of a try. */
const PATIENT_AFTER_ATTEMPTS = 150;
const LONGEST_PATIENT_DELAY_MS = 60 * 60_000;

/** A last try is made this long before the deadline when the back-off would step over it, in milliseconds. */
const LAST_TRY_BEFORE_DEADLINE_MS = 15_000;

/**
 * How long to wait before the next request to the provider, in milliseconds.
 *
 * Doubles from 2 s to 10 min (to an hour after 150 attempts), each up to a fifth longer by `jitter` (0 to 1) so that a provider that comes back is not
 * met by everyone at once; never shorter than what Retry-After asked for; cut so that one try lies before the deadline.
 */
export function delayBeforeAttempt(wait: {
  /** The attempt that failed, from 1. */
  failedAttempt: number;
  nowMs: number;
  deadlineMs: number;
  /** 0 to 1. */
  jitter: number;
  retryAfterMs?: number | undefined;
}): number {
  const longest = wait.failedAttempt > PATIENT_AFTER_ATTEMPTS ? LONGEST_PATIENT_DELAY_MS : LONGEST_DELAY_MS;
  const backOff = Math.min(longest, FIRST_DELAY_MS * 2 ** Math.min(wait.failedAttempt - 1, 20));
  const wanted = backOff * (1 + wait.jitter / 5);
  const remaining = Math.max(0, wait.deadlineMs - wait.nowMs);
  const lastTry = remaining - LAST_TRY_BEFORE_DEADLINE_MS;
  const withinLife = Math.min(wanted, lastTry > 0 ? lastTry : remaining);
  return Math.ceil(Math.min(remaining, Math.max(withinLife, wait.retryAfterMs ?? 0)));
}
