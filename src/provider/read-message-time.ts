import type { LoggedTime } from '../domain/sent-messages.js';

/** A date of the list of sent messages that can be read. */
export type ReadableTime = Exclude<LoggedTime, { kind: 'unreadable' }>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * No provider's list of sent messages is older; what seems to be is a wrong unit, or a way to say
 * "none" such as the year 1.
 */
const EARLIEST_MS = Date.UTC(2015, 0, 1);
/** How far a date may be ahead of our clock. */
const AHEAD_MS = 2 * DAY_MS;
/** Dates of one row that lie further apart do not mean the same message. */
const APART_MS = DAY_MS;
/** A greater unix timestamp is in milliseconds: as seconds it would be in the year 5138. */
const MAX_SECONDS = 1e11;
/**
 * How far a time can lie before and after its date without a zone read as UTC: zones reach from
 * UTC−12 to UTC+14.
 */
const ZONE_BEFORE_MS = 14 * HOUR_MS;
const ZONE_AFTER_MS = 12 * HOUR_MS;

const ISO_DATE =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?(Z|UTC)| ?([+-])(\d\d)(?::?(\d\d))?)?$/i;

/**
 * The one time that the dates of a row mean: a unix timestamp before ISO 8601 with a zone before a
 * date without one.
 *
 * Of several alike it is the latest: a row that seems too late is doubted, one that seems too early
 * is passed over. Dates that contradict each other are unreadable. `nowMs` is epoch milliseconds.
 */
export function readMessageTime(values: readonly unknown[], nowMs: number): LoggedTime {
  const dates = values
    .map((value) => readUnixTime(value) ?? readIsoDate(value))
    .filter((date) => date !== undefined)
    .filter(({ time }) => isSane(time, nowMs));
  const [best] = dates.toSorted((a, b) => a.rank - b.rank || valueOf(b.time) - valueOf(a.time));
  if (best === undefined) return { kind: 'unreadable' };
  const latestStartMs = dates.reduce((ms, { time }) => Math.max(ms, earliestMsOf(time)), -Infinity);
  const earliestEndMs = dates.reduce((ms, { time }) => Math.min(ms, latestMsOf(time)), Infinity);
  return latestStartMs - earliestEndMs > APART_MS ? { kind: 'unreadable' } : best.time;
}

/** The latest time that a date can mean, epoch milliseconds. */
export function latestMsOf(time: ReadableTime): number {
  return time.kind === 'exact' ? time.atMs : time.asUtcMs + ZONE_AFTER_MS;
}

function earliestMsOf(time: ReadableTime): number {
  return time.kind === 'exact' ? time.atMs : time.asUtcMs - ZONE_BEFORE_MS;
}

function valueOf(time: ReadableTime): number {
  return time.kind === 'exact' ? time.atMs : time.asUtcMs;
}

function isSane(time: ReadableTime, nowMs: number): boolean {
  return latestMsOf(time) >= EARLIEST_MS && earliestMsOf(time) <= nowMs + AHEAD_MS;
}

interface RankedTime {
  readonly rank: number;
  readonly time: ReadableTime;
}

function readUnixTime(value: unknown): RankedTime | undefined {
  const isNumeric =
    typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim()));
  if (!isNumeric) return undefined;
  const number = Number(value);
  const atMs = Math.floor(number > MAX_SECONDS ? number : number * 1_000);
  return { rank: 0, time: { kind: 'exact', atMs } };
}

function readIsoDate(value: unknown): RankedTime | undefined {
  const parts = typeof value === 'string' ? ISO_DATE.exec(value.trim()) : null;
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = '', utc, sign, hours, minutes = '0'] =
    parts;
  const fields = [year, month, day, hour, minute, second].map(Number) as [number, ...number[]];
  const wholeMs = utcOf(fields);
  if (wholeMs === undefined) return undefined;
  const asUtcMs = wholeMs + Math.floor(Number(`0.${fraction || '0'}`) * 1_000);
  if (utc !== undefined) return { rank: 1, time: { kind: 'exact', atMs: asUtcMs } };
  if (sign === undefined) return { rank: 2, time: { kind: 'zoneless', asUtcMs } };
  if (Number(minutes) > 59 || Number(hours) > 14) return undefined;
  const offsetMs = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  return { rank: 1, time: { kind: 'exact', atMs: sign === '-' ? asUtcMs + offsetMs : asUtcMs - offsetMs } };
}

/** Undefined for what no calendar or clock shows: 31 February, 24:00. */
function utcOf([year, month = 0, day = 0, hour = 0, minute = 0, second = 0]: [number, ...number[]]):
  number | undefined {
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(ms);
  const isReal =
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  return isReal ? ms : undefined;
}
