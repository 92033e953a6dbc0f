import { DAY_MS } from './days.js';

/** A stretch of time in which a zone's clocks run without a jump. */
export interface ClockStretch {
  /** Its first moment, in epoch milliseconds. */
  readonly fromMs: number;
  /** The first moment after it, in epoch milliseconds. */
  readonly untilMs: number;
  /** What the clocks are ahead of UTC, in milliseconds. */
  readonly offsetMs: number;
}

/** The clocks of one time zone. */
export interface ZoneClock {
  /** Its name, as the runtime spells it. */
  readonly timeZone: string;
  /**
   * The stretches that make up a day of UTC, in order: one, and more on a day on which the clocks
   * change.
   */
  stretchesOf(utcDay: number): readonly ClockStretch[];
}

/** One clock per zone: a formatter takes longer to make than all that is asked of it. */
const clocks = new Map<string, ZoneClock>();

/** The most days that a clock remembers. */
const MAX_DAYS = 4_000;

/** A name of the IANA database; a fixed offset such as `+01:00` knows no change of the clocks. */
const ZONE_NAME = /^[A-Za-z]/;

/** Whether this runtime knows a time zone by this name. */
export function isTimeZone(name: unknown): name is string {
  if (typeof name !== 'string' || !ZONE_NAME.test(name)) return false;
  try {
    zoneClock(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * The clock of a zone, by Node's own zone data. It differs between versions of Node, so a workflow
 * never asks it.
 *
 * @throws RangeError if the runtime has no zone of this name; ask {@link isTimeZone} before.
 */
export function zoneClock(timeZone: string): ZoneClock {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const name = format.resolvedOptions().timeZone;
  const clock = createClock(name, (second) => offsetOf(format, second));
  clocks.set(name, clock);
  return clock;
}

function createClock(timeZone: string, offsetAt: (second: number) => number): ZoneClock {
  const days = new Map<number, readonly ClockStretch[]>();
  return {
    timeZone,
    stretchesOf: (utcDay) => {
      const known = days.get(utcDay);
      if (known !== undefined) return known;
      if (days.size >= MAX_DAYS) days.clear();
      const stretches = readDay(utcDay, offsetAt);
      days.set(utcDay, stretches);
      return stretches;
    },
  };
}

/** The stretches of one day; the clocks of a zone change at most once in 24 h. */
function readDay(utcDay: number, offsetAt: (second: number) => number): ClockStretch[] {
  const start = (utcDay * DAY_MS) / 1_000;
  const end = start + DAY_MS / 1_000;
  const before = offsetAt(start);
  const after = offsetAt(end);
  if (before === after) return [stretch(start, end, before)];
  let last = start;
  let first = end;
  while (first - last > 1) {
    const middle = Math.floor((last + first) / 2);
    if (offsetAt(middle) === before) last = middle;
    else first = middle;
  }
  return first === end
    ? [stretch(start, end, before)]
    : [stretch(start, first, before), stretch(first, end, after)];
}

function stretch(fromSecond: number, untilSecond: number, offset: number): ClockStretch {
  return { fromMs: fromSecond * 1_000, untilMs: untilSecond * 1_000, offsetMs: offset * 1_000 };
}

/** Seconds that the clocks are ahead of UTC at a second of Unix time. */
function offsetOf(format: Intl.DateTimeFormat, second: number): number {
  const written = format.format(second * 1_000);
  const [month, day, year, hours, minutes, seconds] = written.match(/\d+/g)?.map(Number) ?? [];
  if (
    month === undefined ||
    day === undefined ||
    year === undefined ||
    hours === undefined ||
    minutes === undefined ||
    seconds === undefined
  )
    throw new TypeError('The runtime wrote a date in a form that is not expected.');
  return Date.UTC(year, month - 1, day, hours, minutes, seconds) / 1_000 - second;
}
