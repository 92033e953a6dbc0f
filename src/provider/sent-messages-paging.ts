import type { LoggedSms, LoggedTime } from '../domain/sent-messages.js';
import { readMessageRow } from './read-message-row.js';
import { latestMsOf, type ReadableTime } from './read-message-time.js';
import { cursorFrom, isWithin, type SentMessagesCursor } from './sent-messages-cursor.js';
import { clockMsOf, DISORDER_MS, tellOrder, unitMsOf } from './sent-messages-order.js';

/** What is to be done after a page: ask for the next one, or stop. */
export type PagingStep =
  | { readonly kind: 'next'; readonly before: string }
  /** `incomplete`: why rows may be missing; undefined if none can be. */
  | { readonly kind: 'done'; readonly incomplete: string | undefined };

/** The rows of one reading, page by page. */
export interface SentMessagesPaging {
  /** Takes the page that was requested; `nowMs` is epoch milliseconds. */
  take(page: readonly unknown[], nowMs: number): PagingStep;
  /** Every row so far except rows that are certainly older than wanted, in the provider's order. */
  rows(): LoggedSms[];
  /** Whether a row from before the wanted time was among them. */
  reachesBack(): boolean;
}

const COMPLETE: PagingStep = { kind: 'done', incomplete: undefined };

/**
 * Decides how far back to read the list to get every row since a time (epoch milliseconds).
 *
 * The provider does not publish the order of the list, the size of its pages or the meaning of
 * `before`, so nothing is taken for granted: a reading is complete only if the pages themselves
 * prove it.
 */
export function createSentMessagesPaging(
  sinceMs: number,
  /** The fewest rows that a full page can have; fewer on one page are all that there is. */
  smallestPageRows: number,
): SentMessagesPaging {
  const rows: LoggedSms[] = [];
  const seen = new Map<string, number>();
  let cursor: SentMessagesCursor | undefined;
  let longestPage = 0;
  let newestFirst = false;

  /** Keeps what was not seen on an earlier page; two rows alike on one page are two messages. */
  function keep(page: readonly (readonly [key: string, row: LoggedSms])[]) {
    const counts = new Map<string, number>();
    let added = 0;
    let overlaps = false;
    for (const [key, row] of page) {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count > (seen.get(key) ?? 0)) {
        rows.push(row);
        added++;
      } else if (cursor !== undefined && isSameTime(row.time, cursor.oldest)) overlaps = true;
    }
    for (const [key, count] of counts) seen.set(key, Math.max(count, seen.get(key) ?? 0));
    return { added, overlaps };
  }

  const isTooOld = isOlderThan(sinceMs);

  function take(page: readonly unknown[], nowMs: number): PagingStep {
    const read = page.map((value) => {
      const row = readMessageRow(value, nowMs);
      return [keyOf(value, row), row] as const;
    });
    const times = read.map(([, { time }]) => time);
    const { added, overlaps } = keep(read);
    const asked = cursor;
    const mayBeFull = page.length >= Math.max(longestPage, smallestPageRows);
    longestPage = Math.max(longestPage, page.length);

    if (asked === undefined) {
      if (page.length === 0) return COMPLETE;
    } else {
      // The row that the cursor was made from must come again, or `before` means something else
      // here.
      if (!overlaps || !times.every((time) => isWithin(asked, time))) {
        return incomplete('the sent messages cannot be paged');
      }
      if (added === 0) {
        if (mayBeFull) return incomplete('a page of sent messages may contain too few rows');
        // What fits on a page that is not full is the whole list, in whatever order.
        const isWhole = longestPage < smallestPageRows;
        return newestFirst || isWhole ? COMPLETE : incomplete('the order of the sent messages is unclear');
      }
    }
    const order = tellOrder(times);
    if (order.kind === 'untold') return incomplete('the order of the sent messages is unclear');
    const { oldest, descends, unitMs } = order;
    // Dates that are all alike do not distinguish the beginning of the list from its end; no
    // provider's pages have one row.
    newestFirst ||= descends || (asked === undefined && page.length === 1);
    if (newestFirst && isBefore(oldest, sinceMs - DISORDER_MS)) return COMPLETE;
    const next = cursorFrom(oldest, unitMs);
    // A full page of one date hides other rows of that date. A page that is not full is requested
    // again, to bring nothing new.
    if (asked !== undefined && mayBeFull && !isOlder(next, asked)) {
      return incomplete('a page of sent messages may contain too few rows');
    }
    cursor = next;
    return { kind: 'next', before: next.before };
  }

  return {
    take,
    rows: () => rows.filter((row) => !isTooOld(row)),
    reachesBack: () => rows.some(isTooOld),
  };
}

function incomplete(reason: string): PagingStep {
  return { kind: 'done', incomplete: reason };
}

/** Matches the rows that are certainly from before a time (epoch milliseconds). */
export function isOlderThan(sinceMs: number): (row: Pick<LoggedSms, 'time'>) => boolean {
  return ({ time }) => time.kind !== 'unreadable' && isBefore(time, sinceMs);
}

/** Whether a date, however it is read, lies before a time (epoch milliseconds). */
function isBefore(time: ReadableTime, ms: number): boolean {
  return latestMsOf(time) + unitMsOf(time) <= ms;
}

function isSameTime(one: LoggedTime, other: ReadableTime): boolean {
  return one.kind === other.kind && clockMsOf(one) === clockMsOf(other);
}

/** Whether a page has led further back; both cursors are of one kind. */
function isOlder(next: SentMessagesCursor, asked: SentMessagesCursor): boolean {
  return latestMsOf(next.oldest) < latestMsOf(asked.oldest);
}

/** The same for the same row on two pages, although its state may have changed in between. */
function keyOf(value: unknown, { messageIds, number, text, time }: LoggedSms): string {
  return JSON.stringify(messageIds.length === 0 ? value : [messageIds, number ?? null, text ?? null, time]);
}
