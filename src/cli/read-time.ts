import { parseTimestamp } from '../domain/timestamp.js';
import { UsageError } from './cli-error.js';

const AGO = /^(?<count>\d{1,5})(?<unit>[mhd])$/;
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A time from the command line: ISO 8601 with a zone, a day (from 0:00 UTC), or how long ago:
 * `30m`, `24h`, `7d`.
 *
 * @throws UsageError that names the option
 */
export function readTime(option: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const { count, unit } = AGO.exec(text)?.groups ?? {};
  if (count !== undefined) {
    const agoMs = Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
    return new Date(Math.max(0, Date.now() - agoMs));
  }
  const atMs = parseTimestamp(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (atMs === undefined) {
    throw new UsageError(
      `${option} must be a valid ISO 8601 time such as 2030-01-31T00:00:00Z, a date, or an age such as 30m, 24h or 7d.`,
    );
  }
  return new Date(atMs);
}
