import { compareNumber } from '../compare-number.js';
import { isSameText } from '../same-text.js';
import type { LoggedSms, LoggedTime } from '../sent-messages.js';
import { holdsNumber } from '../sms-job.js';

/** How far the provider's clock may be from ours, either way, in milliseconds. */
export const CLOCK_DIFFERENCE_MS = 5 * 60_000;

const HOUR_MS = 60 * 60_000;

/**
 * The message that is looked for, and when its requests were out; epoch milliseconds, by our clock.
 */
export interface MessageQuery {
  /** E.164. */
  readonly recipientPhone: string;
  readonly message: string;
  /** When the first request began. */
  readonly fromMs: number;
  /** When the last one ended. */
  readonly toMs: number;
}

/** The rows of the sent messages that matter for one message. */
export interface Candidates {
  /** This number, this text, in the span, with an id. */
  readonly matches: readonly (LoggedSms & { readonly atMs: number })[];
  /** Each of these may be the message; `reason` says why that is unclear, in a few plain words. */
  readonly unclear: readonly { readonly row: LoggedSms; readonly reason: string }[];
}

/**
 * Drops what cannot be the message: every row of another number, and rows from before the span.
 * What remains is the message, or a reason not to send it again.
 */
export function matchCandidates(rows: readonly LoggedSms[], sought: MessageQuery): Candidates {
  const matches: (LoggedSms & { atMs: number })[] = [];
  const unclear: { row: LoggedSms; reason: string }[] = [];
  for (const row of rows) {
    const number = compareNumber(row.number, sought.recipientPhone);
    const when = placeInSpan(row.time, sought);
    if (number === 'other' || when === 'before') continue;
    const note = (reason: string) => unclear.push({ row, reason });
    if (number === 'unreadable') note('a row has no readable number');
    else if (row.text === undefined) note('a row to this number has no readable text');
    else if (row.messageIds.every((id) => holdsNumber(id, sought.recipientPhone))) {
      note('a row to this number has no message id that is safe to show');
    } else if (row.hasContradiction === true) note('a row to this number reports both sent and failed');
    else if (row.time.kind === 'unreadable') note('a row to this number has no readable date');
    else if (when === 'unclear') note('a row to this number has a date without a time zone');
    else if (isSameText(row.text, sought.message)) {
      if (when === 'within' && row.time.kind === 'exact') {
        const messageIds = row.messageIds.filter((id) => !holdsNumber(id, sought.recipientPhone));
        matches.push({ ...row, messageIds, atMs: row.time.atMs });
      } else note('a row with this number and text is dated later than the request');
    } else note('a row to this number has a different text');
  }
  return { matches, unclear };
}

/** Where a date lies; `unclear` if that cannot be determined. */
function placeInSpan(
  time: LoggedTime,
  { fromMs, toMs }: MessageQuery,
): 'before' | 'within' | 'after' | 'unclear' {
  if (time.kind === 'unreadable') return 'unclear';
  const [earliestMs, latestMs] =
    time.kind === 'exact'
      ? [time.atMs, time.atMs]
      : // Time zones reach from UTC−12 to UTC+14.
        [time.asUtcMs - 14 * HOUR_MS, time.asUtcMs + 12 * HOUR_MS];
  // A date to the second lies up to a second before the time it names.
  if (latestMs + 1_000 <= fromMs - CLOCK_DIFFERENCE_MS) return 'before';
  if (earliestMs > toMs + CLOCK_DIFFERENCE_MS) return 'after';
  return time.kind === 'exact' ? 'within' : 'unclear';
}
