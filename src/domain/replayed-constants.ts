/*
 * The numbers that workflow code reads. A run that is under way is replayed with the values of today: where another value makes it take
 * another step (one more request, an earlier end), its replay fails and the run stands still. So change one of them like workflow code: put
 * the new value behind `patched()`, record a history, and see docs/versioning.md. The values are pinned by
 * test/domain/replayed-constants.test.ts, as a replay does not compare how long a timer was.
 */

import type { SmsOptions } from './sms-job.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long a message may wait when the job does not say, in milliseconds. */
export const DEFAULT_LIFETIME_MS = DAY_MS;

/** The same for a marketing message, which waits for its hours and its turn. */
export const DEFAULT_MARKETING_LIFETIME_MS = 7 * DAY_MS;

/**
 * The longest that a message may wait, in milliseconds: with more attempts, a run would outgrow its
 * history.
 */
export const MAX_LIFETIME_MS = 30 * DAY_MS;

/** A year: how far ahead `sendAt` may lie, in milliseconds. */
export const MAX_SEND_DELAY_MS = 365 * DAY_MS;

/**
 * How much later a run may take `sendAt` to lie than the client did, whose clock differs: it must
 * not refuse what the client took.
 */
export const CLIENT_CLOCK_TOLERANCE_MS = DAY_MS;

/**
 * When the sent messages are read after a request of unknown outcome, in milliseconds from the
 * request's end.
 */
export const DEFAULT_UNKNOWN_CHECKS_MS: readonly number[] = [10_000, 30_000, 2 * MINUTE_MS, 5 * MINUTE_MS];

/**
 * What is done about a message that a readable list does not show, unless its job says otherwise.
 */
export const DEFAULT_ON_UNKNOWN = 'resend' satisfies SmsOptions['onUnknown'];

/** How often a run sends again by itself, unless its job says otherwise. */
export const DEFAULT_MAX_RESENDS = 1;

/**
 * The last of `unknownChecksMs`, in milliseconds after the request: until then no decision about
 * the run is taken.
 */
export const MAX_CHECK_MS = DAY_MS;

/**
 * When the sent messages are read for an accepted message that is followed, in milliseconds from
 * its acceptance.
 */
export const DEFAULT_FOLLOW_CHECKS_MS: readonly number[] = [
  30_000,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
  DAY_MS,
];

/** The last that `followChecksMs` may be, in milliseconds after the acceptance. */
export const MAX_FOLLOW_CHECK_MS = 7 * DAY_MS;

/** A phone has failed for good once two readings so far apart say so, in milliseconds. */
export const CONFIRM_FAILURE_MS = 10 * MINUTE_MS;

/**
 * How long a reading for a followed message may take, with all its tries, in milliseconds: until
 * the next check is due, but no less and no more than this.
 */
export const FOLLOW_READING = { minMs: 2 * MINUTE_MS, maxMs: HOUR_MS } as const;

/**
 * The longest time from a `sendSms` start to its end, in milliseconds; the HTTP time-out lies well
 * below.
 */
export const SEND_START_TO_CLOSE_MS = MINUTE_MS;

/** The waits between requests to the provider, in milliseconds. */
export const BACK_OFF = {
  firstMs: 2_000,
  /** Doubled up to here. */
  maxMs: 10 * MINUTE_MS,
  /**
   * After a day of tries every 10 min, the waits grow to an hour: an event is kept for each step of
   * a try.
   */
  patientAfterAttempts: 150,
  patientMaxMs: HOUR_MS,
  /** The share of a wait that chance adds at most. */
  jitter: 1 / 5,
  /** A last try is made this long before the deadline when the back-off would step over it. */
  lastTryBeforeDeadlineMs: 15_000,
} as const;

/**
 * What chance adds at most to a wait before the sent messages are read: a share of the wait, and
 * milliseconds.
 */
export const CHECK_JITTER = { share: 1 / 5, maxMs: 10_000 } as const;

/** The waits between two readings of the sent messages while a run is held, in milliseconds. */
export const HELD_ASKS = {
  firstMs: MINUTE_MS,
  /** Doubled up to here. */
  maxMs: 15 * MINUTE_MS,
  /**
   * After a day the provider is asked hourly: a run that is held for weeks must not outgrow its
   * history.
   */
  patientAfterAsks: 100,
  patientMs: HOUR_MS,
} as const;

/**
 * The readings of the sent messages before a request is repeated that was not sent by the
 * provider's word alone.
 */
export const LOOKS_BEFORE_REPEAT = {
  /**
   * While the sent messages cannot be read, they are read so often before the request is repeated
   * all the same.
   */
  maxLooks: 4,
  /** The wait after the first, in milliseconds, which doubles. */
  firstDelayMs: 5_000,
} as const;

/**
 * A run that waits at least this long before a request has the status `waiting`, in milliseconds.
 */
export const MIN_WAIT_FOR_MOMENT_MS = 5_000;

/**
 * A resend that has waited longer than this for its moment reads the sent messages again before its
 * request, in milliseconds.
 */
export const MAX_WAIT_BEFORE_RESEND_MS = 30_000;

/** A resend looks at the sent messages so long before its moment, in milliseconds. */
export const LOOK_BEFORE_MOMENT_MS = 20_000;

/** The waits between two questions for a moment that none was granted to, in milliseconds. */
export const ASKS_FOR_MOMENT = {
  firstMs: 5_000,
  /** Half as long again each time, up to here. */
  maxMs: 10 * MINUTE_MS,
  patientAfterAsks: 200,
  patientMs: 30 * MINUTE_MS,
} as const;

/**
 * Between the tries to have an API key in the last moments before the deadline, when Temporal gives
 * up; in milliseconds.
 */
export const LAST_KEY_LOOKUPS_EVERY_MS = 5_000;
