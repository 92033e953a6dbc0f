import assert from 'node:assert/strict';
import Holidays from 'date-holidays';
import fc from 'fast-check';
import type { DateTime } from 'luxon';
import { createSendingHours } from '../../src/policies/sending-hours.js';
import { DEFAULT_SENDING_POLICY, type HolidayCalendar } from '../../src/policies/sending-policy.js';
import { isOpenByLuxon, nextOpeningByLuxon, type LuxonWindow } from './luxon-hours.js';

/** One random window, and a moment to ask from. */
export interface HoursCase {
  readonly opens: number;
  readonly closes: number;
  readonly days: readonly number[];
  readonly holidays: HolidayCalendar;
  readonly fromMs: number;
}

const DAY = 24 * 60 * 60_000;

/** Two weeks: a policy of one day a week, and a holiday on that day. */
const SEARCH_DAYS = 15;

const HOLIDAYS: Readonly<Record<HolidayCalendar, Holidays | undefined>> = {
  FR: new Holidays('FR', { types: ['public'] }),
  'FR-57': new Holidays('FR', '57', { types: ['public'] }),
  none: undefined,
};

/** The public holidays of a year, as `MM-DD`, by another library. */
export function holidaysByLibrary(calendar: HolidayCalendar, year: number): ReadonlySet<string> {
  const key = `${calendar} ${year}`;
  let dates = read.get(key);
  if (dates === undefined) {
    dates = new Set(HOLIDAYS[calendar]?.getHolidays(year).map(({ date }) => date.slice(5, 10)));
    read.set(key, dates);
  }
  return dates;
}

const read = new Map<string, ReadonlySet<string>>();

/**
 * Windows of all kinds, past midnight too, from a moment that is one of `around`, give or take two
 * days, or anywhere in the ten years from 2024.
 */
export function hoursCases(around: readonly number[]): fc.Arbitrary<HoursCase> {
  const start = Date.UTC(2024, 0, 1);
  const anywhere = fc.integer({ min: start, max: start + 3_650 * DAY });
  const near = fc
    .tuple(fc.nat(), fc.integer({ min: -2 * DAY, max: DAY }))
    .map(([index, distance]) => (around[index % around.length] ?? start) + distance);
  const minute = fc.oneof(
    fc.integer({ min: 0, max: 1_439 }),
    // Where clocks change.
    fc.integer({ min: 0, max: 4 * 60 }),
  );
  return fc
    .record({
      opens: minute,
      closes: fc.oneof(minute, fc.constant(1_440)),
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
      holidays: fc.constantFrom<HolidayCalendar>('FR', 'FR-57', 'none'),
      fromMs: fc.oneof(near, anywhere),
    })
    .filter(({ opens, closes }) => closes !== opens)
    .filter(({ opens, closes }) => (closes > opens ? closes - opens : closes - opens + 1_440) > 15);
}

/** Both implementations give the same answer for this case, within these zones. */
export function checkHours(zone: string, one: HoursCase): void {
  const hours = createSendingHours(
    Object.assign({}, DEFAULT_SENDING_POLICY, {
      days: one.days,
      opensAt: timeOfDay(one.opens),
      closesAt: timeOfDay(one.closes),
      holidays: one.holidays,
    }),
    '+33639980001',
    { timeZone: zone },
  );
  const window: LuxonWindow = {
    opens: one.opens,
    closes: one.closes,
    opensOn: (date) => one.days.includes(date.weekday) && !isHolidayByLibrary(one.holidays, date),
  };
  const untilMs = one.fromMs + SEARCH_DAYS * DAY;
  const told = `${zone} ${JSON.stringify(one)}`;
  assert.equal(
    show(hours.nextOpening(one.fromMs, untilMs)),
    show(nextOpeningByLuxon(window, zone, one.fromMs, SEARCH_DAYS)),
    told,
  );
  assert.equal(hours.isOpen(one.fromMs), isOpenByLuxon(window, zone, one.fromMs), told);
}

/** The moments from 2024 to 2034 at which the clocks of a zone change, to the hour. */
export function clockChanges(zone: string): number[] {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const offsetAt = (ms: number) => format.format(ms).replace(/^.*GMT/, '');
  const found: number[] = [];
  for (let ms = Date.UTC(2024, 0, 1); ms < Date.UTC(2034, 0, 1); ms += 7 * DAY)
    if (offsetAt(ms) !== offsetAt(ms + 7 * DAY)) {
      let last = ms;
      let first = ms + 7 * DAY;
      while (first - last > 60 * 60_000) {
        const middle = (first + last) / 2;
        if (offsetAt(middle) === offsetAt(ms)) last = middle;
        else first = middle;
      }
      found.push(Math.floor(first));
    }
  return found;
}

function isHolidayByLibrary(calendar: HolidayCalendar, date: DateTime): boolean {
  return calendar !== 'none' && holidaysByLibrary(calendar, date.year).has(date.toFormat('MM-dd'));
}

function timeOfDay(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function show(ms: number | undefined): string {
  return ms === undefined ? 'never' : new Date(ms).toISOString();
}
