import { SmsError } from './errors.js';
import {
  BACK_OFF,
  CHECK_JITTER,
  DEFAULT_FOLLOW_CHECKS_MS,
  DEFAULT_LIFETIME_MS,
  DEFAULT_MARKETING_LIFETIME_MS,
  MAX_LIFETIME_MS,
  MAX_SEND_DELAY_MS,
} from './replayed-constants.js';
import type { SmsJob } from './sms-job.js';

/**
 * How long past its deadline a run may stay open, in milliseconds: 30 days. After a last request
 * that is maybe sent, the sent messages are read for up to two windows of 24 h. The rest is for
 * workers that were away: a run that they can still end names its error, one that Temporal ends is
 * only maybe sent.
 */
const RUN_TIMEOUT_MARGIN_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * The time before which the message must not be sent, in epoch milliseconds; undefined for at once.
 */
export function sendAtOf(job: SmsJob): number | undefined {
  const { sendAt } = job.options ?? {};
  return sendAt === undefined ? undefined : Date.parse(sendAt);
}

/**
 * Checks how far ahead a message is to be sent; both in epoch milliseconds.
 *
 * @throws SmsError VALIDATION_FAILED where that is more than a year
 */
export function assertWithinYear(sendAtMs: number | undefined, nowMs: number): void {
  if (sendAtMs !== undefined && sendAtMs > nowMs + MAX_SEND_DELAY_MS) {
    throw new SmsError('VALIDATION_FAILED', { message: 'sendAt must be within a year from now.' });
  }
}

/**
 * The time after which the message must not be sent any more, in epoch milliseconds.
 *
 * @param run when the run was started, and the time now, after a start delay
 */
export function deadlineOf(job: SmsJob, run: { startedAtMs: number; nowMs: number }): number {
  const { expiresAt } = job.options ?? {};
  const sendAtMs = sendAtOf(job) ?? 0;
  const wanted =
    expiresAt === undefined
      ? Math.max(run.startedAtMs, sendAtMs) + defaultLifetimeOf(job)
      : Date.parse(expiresAt);
  return Math.min(wanted, Math.max(run.nowMs, sendAtMs) + MAX_LIFETIME_MS);
}

/** How long a message may wait when its job does not say, in milliseconds. */
export function defaultLifetimeOf({ options }: Pick<SmsJob, 'options'>): number {
  return options?.purpose === 'marketing' ? DEFAULT_MARKETING_LIFETIME_MS : DEFAULT_LIFETIME_MS;
}

/**
 * When Temporal starts a run and when it ends one that no longer ends by itself, both in
 * milliseconds from now.
 */
export interface RunTimes {
  /** 0 for at once. */
  readonly startDelayMs: number;
  readonly runTimeoutMs: number;
}

/** The times of a run that is started now, epoch milliseconds. */
export function runTimesOf(job: SmsJob, nowMs: number): RunTimes {
  const startDelayMs = Math.max(0, (sendAtOf(job) ?? 0) - nowMs);
  const lifetimeMs = deadlineOf(job, { startedAtMs: nowMs, nowMs }) - nowMs;
  return {
    startDelayMs,
    // Servers count a run's time-out from the end of its start delay, tried on 1.29.1. It holds the
    // delay all the same, so that a server which counts from the start ends no run before its time.
    runTimeoutMs: Math.max(startDelayMs, lifetimeMs) + followedForMs(job) + RUN_TIMEOUT_MARGIN_MS,
  };
}

/** When the sent messages are read for a message that is followed, in milliseconds. */
export function followChecksOf({ options }: Pick<SmsJob, 'options'>): readonly number[] {
  return options?.followChecksMs ?? DEFAULT_FOLLOW_CHECKS_MS;
}

/** How long a message is followed at most after it was accepted, in milliseconds. */
function followedForMs(job: SmsJob): number {
  return job.options?.follow === true ? (followChecksOf(job).at(-1) ?? 0) : 0;
}

/**
 * A wait before a look at the sent messages, up to a fifth and 10 s longer by `jitter` (0 to 1), so
 * that runs whose requests failed at the same time do not ask at the same time; in milliseconds.
 */
export function withJitter(waitMs: number, jitter: number): number {
  return Math.round(waitMs + jitter * Math.min(waitMs * CHECK_JITTER.share, CHECK_JITTER.maxMs));
}

/**
 * How long to wait before the next request to the provider, in milliseconds.
 *
 * Doubles from 2 s to 10 min (to an hour after 150 attempts), each up to a fifth longer by `jitter`
 * (0 to 1) so that not every run calls a provider at once when it comes back; never shorter than
 * what Retry-After requested; cut so that one try lies before the deadline.
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
  const longest = wait.failedAttempt > BACK_OFF.patientAfterAttempts ? BACK_OFF.patientMaxMs : BACK_OFF.maxMs;
  const backOff = Math.min(longest, BACK_OFF.firstMs * 2 ** Math.min(wait.failedAttempt - 1, 20));
  const wanted = backOff * (1 + wait.jitter * BACK_OFF.jitter);
  const remaining = Math.max(0, wait.deadlineMs - wait.nowMs);
  const lastTry = remaining - BACK_OFF.lastTryBeforeDeadlineMs;
  const withinLife = Math.min(wanted, lastTry > 0 ? lastTry : remaining);
  return Math.ceil(Math.min(remaining, Math.max(withinLife, wait.retryAfterMs ?? 0)));
}
