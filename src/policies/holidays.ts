import { calendarDay, yearOf } from './days.js';
import type { HolidayCalendar } from './sending-policy.js';

/** The fixed public holidays of France (Code du travail, L3133-1), as month and day. */
const FIXED: readonly [number, number][] = [
  [1, 1],
  [5, 1],
  [5, 8],
  [7, 14],
  [8, 15],
  [11, 1],
  [11, 11],
  [12, 25],
];

/** The movable ones, in days after Easter Sunday: Easter Monday, Ascension Day, Whit Monday. */
const AFTER_EASTER = [1, 39, 50];

const years = new Map<string, ReadonlySet<number>>();

/** The most years that are remembered. */
const MAX_YEARS = 1_000;

/**
 * Whether a calendar day (days since 1970-01-01) is a public holiday. `FR-57` adds Good Friday and
 * 26 December, which Alsace and Moselle keep (Code du travail, L3134-13). The days on which each
 * overseas department commemorates the abolition of slavery are not among them.
 */
export function isHoliday(calendar: HolidayCalendar, day: number): boolean {
  return calendar !== 'none' && holidaysOf(calendar, yearOf(day)).has(day);
}

/** Easter Sunday of a Gregorian year, as a calendar day (Meeus, Jones and Butcher). */
export function easterSunday(year: number): number {
  const century = Math.floor(year / 100);
  const golden = year % 19;
  const corrected = century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25);
  const epact = (((corrected + 19 * golden + 15) % 30) + 30) % 30;
  const skipped = epact === 29 || (epact === 28 && golden > 10) ? 1 : 0;
  const fullMoon = epact - skipped;
  const weekday = year + Math.floor(year / 4) + fullMoon + 2 - century + Math.floor(century / 4);
  return calendarDay(year, 3, 28) + fullMoon - (weekday % 7);
}

function holidaysOf(calendar: 'FR' | 'FR-57', year: number): ReadonlySet<number> {
  const key = `${calendar} ${year}`;
  const known = years.get(key);
  if (known !== undefined) return known;
  const easter = easterSunday(year);
  const days = new Set([
    ...FIXED.map(([month, day]) => calendarDay(year, month, day)),
    ...AFTER_EASTER.map((after) => easter + after),
    ...(calendar === 'FR-57' ? [easter - 2, calendarDay(year, 12, 26)] : []),
  ]);
  if (years.size >= MAX_YEARS) years.clear();
  years.set(key, days);
  return days;
}
