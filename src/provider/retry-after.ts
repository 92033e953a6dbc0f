/** More than any message lives, in milliseconds. */
const A_YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/**
 * The wait that a Retry-After header asks for, in milliseconds: seconds or an HTTP date (RFC 9110,
 * 10.2.3). Undefined if it is missing or malformed.
 */
export function parseRetryAfterMs(header: string | null | undefined, nowMs: number): number | undefined {
  const value = header?.trim() ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, A_YEAR_MS);
  if (!/^[A-Za-z]{3,9},/.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
