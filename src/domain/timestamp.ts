/** ISO 8601 in its extended form: day, time and zone. */
const TIMESTAMP =
  /^(?<day>\d{4}-\d{2}-\d{2})T(?<time>\d{2}:\d{2}(?::\d{2})?)(?<fraction>\.\d{1,9})?(?:Z|[+-](?<zone>\d{2}:\d{2}))$/;

/** No zone of the earth lies further from UTC than 14 hours. */
const MAX_ZONE = '14:00';

/** What a time may look like, for messages. */
export const TIMESTAMP_FORM = 'a time in ISO 8601 with a zone, such as 2030-01-31T09:00:00Z';

/**
 * The time that an ISO 8601 string with a zone names, in epoch milliseconds; undefined for what no
 * calendar or clock shows: 30 February, 24:00, a 60th second, a year before 1970 or after 9999.
 * `Date.parse` takes some of these for the day after.
 */
export function parseTimestamp(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const { day, time, zone = '00:00' } = TIMESTAMP.exec(text)?.groups ?? {};
  if (day === undefined || time === undefined) return undefined;
  const [, zoneMinutes] = zone.split(':');
  if (zone > MAX_ZONE || Number(zoneMinutes) > 59) return undefined;
  // As a local time it must come back as it was written.
  const local = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(`${day}T${time}`)) return undefined;
  const atMs = Date.parse(text);
  return isInBounds(atMs) ? atMs : undefined;
}

/**
 * Whether a time, in epoch milliseconds, lies in the years 1970 to 9999, which everything that it
 * passes through can write.
 */
export function isInBounds(atMs: number): boolean {
  return atMs >= 0 && atMs <= LAST_MS;
}

const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A time as people read it in the details of a run: ISO 8601, UTC, to the second. */
export function formatTimestamp(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
