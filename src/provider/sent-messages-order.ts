import type { LoggedTime } from '../domain/sent-messages.js';
import type { ReadableTime } from './read-message-time.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/**
 * How far rows may be out of order, in milliseconds: a provider may sort by something finer than
 * the date it shows.
 */
export const DISORDER_MS = 2_000;

/** What the dates of a page say of its order. */
export type PageOrder =
  /**
   * `descends`: the dates prove that newer rows come first; else they are all alike. `unitMs`: what
   * they are shown to.
   */
  | {
      readonly kind: 'newest-first';
      readonly oldest: ReadableTime;
      readonly descends: boolean;
      readonly unitMs: number;
    }
  /** Oldest first, unsorted, or too few dates that can be read and compared. */
  | { readonly kind: 'untold' };

/** Determines the order of a page from its readable dates. */
export function tellOrder(times: readonly LoggedTime[]): PageOrder {
  const readable = times.filter((time) => time.kind !== 'unreadable');
  const [first] = readable;
  if (first === undefined || (readable.length === 1 && times.length > 1)) return { kind: 'untold' };
  let oldest = first;
  let newestMs = clockMsOf(first);
  for (const time of readable) {
    // Dates with and without a zone cannot be compared to the second.
    if (time.kind !== first.kind || clockMsOf(time) > clockMsOf(oldest) + DISORDER_MS)
      return { kind: 'untold' };
    if (clockMsOf(time) < clockMsOf(oldest)) oldest = time;
    newestMs = Math.max(newestMs, clockMsOf(time));
  }
  const unitMs = unitOfAll(readable);
  const descends = newestMs >= clockMsOf(oldest) + unitMs + DISORDER_MS;
  return { kind: 'newest-first', oldest, descends, unitMs };
}

/**
 * What the dates of a page are shown to: to the second if most have some, so that one at a whole
 * minute is just that.
 */
function unitOfAll(times: readonly ReadableTime[]): number {
  const withSeconds = times.filter((time) => unitMsOf(time) === SECOND_MS).length;
  return withSeconds * 2 > times.length ? SECOND_MS : MINUTE_MS;
}

/** The date as a number that can be compared with others of its kind, in milliseconds. */
export function clockMsOf(time: ReadableTime): number {
  return time.kind === 'exact' ? time.atMs : time.asUtcMs;
}

/**
 * What a date by itself is shown to, in milliseconds: the second, or the minute if it may be; the
 * true time lies up to that much later.
 */
export function unitMsOf(time: ReadableTime): number {
  return clockMsOf(time) % MINUTE_MS === 0 ? MINUTE_MS : SECOND_MS;
}
