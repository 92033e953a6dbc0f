const MINUTE_MS = 60_000;

/** When an account wrote and will write to people; epoch milliseconds. */
export interface OutreachTimes {
  /** The last request that was granted, up to now. */
  readonly lastMs: number | undefined;
  /** The next one. */
  readonly nextMs: number | undefined;
}

/** Without outreach for so long, an inbox is not read, in milliseconds. */
export const INBOX_IDLE_AFTER_MS = 30 * 24 * 60 * MINUTE_MS;

/** An inbox is to have been read this long before a request, in milliseconds. */
const READ_BEFORE_MS = 4 * MINUTE_MS;

/** No inbox is read more often unless a part says otherwise, in milliseconds. */
export const MIN_READING_DELAY_MS = 30_000;

/**
 * How long after a reading of an inbox the next one is due, in milliseconds: 30 s in the hour after
 * a request, and before the first one; 2 min for a day, then 15 min; and in time for the next
 * request.
 *
 * @param minDelayMs what stands for the 30 s, in milliseconds
 */
export function delayBeforeReading(
  { lastMs, nextMs }: OutreachTimes,
  readMs: number,
  minDelayMs: number = MIN_READING_DELAY_MS,
): number {
  const usual = usualDelay(lastMs === undefined ? 0 : readMs - lastMs, minDelayMs);
  if (nextMs === undefined) return usual;
  return Math.max(minDelayMs, Math.min(usual, nextMs - READ_BEFORE_MS - readMs));
}

function usualDelay(sinceMs: number, minDelayMs: number): number {
  if (sinceMs <= 60 * MINUTE_MS) return minDelayMs;
  return sinceMs <= 24 * 60 * MINUTE_MS ? 2 * MINUTE_MS : 15 * MINUTE_MS;
}

/** Whether an account's inbox is read at all. */
export function isInboxActive({ lastMs, nextMs }: OutreachTimes, nowMs: number): boolean {
  return nextMs !== undefined || (lastMs !== undefined && nowMs - lastMs <= INBOX_IDLE_AFTER_MS);
}
