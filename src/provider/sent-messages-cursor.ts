import type { LoggedTime } from '../domain/sent-messages.js';
import type { ReadableTime } from './read-message-time.js';
import { clockMsOf, DISORDER_MS } from './sent-messages-order.js';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;

/** From where on the next page is wanted. */
export interface SentMessagesCursor {
  /** The oldest row so far. */
  readonly oldest: ReadableTime;
  /**
   * What the next page's rows lie before: the oldest row and what may share its date are among
   * them.
   */
  readonly limitMs: number;
  /** The parameter `before`: unix seconds, or `2026-01-31 09:05:00` by the provider's own clock. */
  readonly before: string;
}

/**
 * The cursor that goes on from a row, in the provider's own terms: unix seconds where it dates
 * exactly, else its date.
 *
 * Pages overlap on purpose. Rows of the oldest row's own second (its minute, if the dates may be to
 * the minute) and what may be out of order around it must not fall between two pages, and rows that
 * come again prove that the provider understood `before` as it was meant. That is why a message id
 * is not a cursor: an answer to an id that the provider does not know, or reads as something else,
 * looks like the end of the list.
 *
 * @param unitMs what the dates are shown to, in milliseconds
 */
export function cursorFrom(oldest: ReadableTime, unitMs: number): SentMessagesCursor {
  const clockMs = clockMsOf(oldest);
  const overlapMs = oldest.kind === 'zoneless' && mayBeSetBack(clockMs) ? HOUR_MS : unitMs + DISORDER_MS;
  const limitMs = Math.floor(clockMs / SECOND_MS) * SECOND_MS + overlapMs;
  const before =
    oldest.kind === 'exact'
      ? String(limitMs / SECOND_MS)
      : new Date(limitMs).toISOString().slice(0, 19).replace('T', ' ');
  return { oldest, limitMs, before };
}

/**
 * Whether a row can lie on a page that the cursor requested; `<=` and `<` are both ways to read
 * "before".
 */
export function isWithin(cursor: SentMessagesCursor, time: LoggedTime): boolean {
  if (time.kind === 'unreadable') return true;
  return time.kind === cursor.oldest.kind && clockMsOf(time) < cursor.limitMs + SECOND_MS;
}

/**
 * At night, a clock that is set back at the end of summer shows an hour twice, and older rows have
 * the later dates.
 */
function mayBeSetBack(clockMs: number): boolean {
  const hour = new Date(clockMs).getUTCHours();
  return hour >= 23 || hour < 3;
}
