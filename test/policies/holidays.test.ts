import assert from 'node:assert/strict';
import { calendarDay, DAY_MS } from '../../src/policies/days.js';
import { easterSunday, isHoliday } from '../../src/policies/holidays.js';
import { holidaysByLibrary } from './hours-cases.js';

const YEARS = Array.from({ length: 111 }, (_, index) => 1990 + index);

describe('the public holidays', () => {
  for (const calendar of ['FR', 'FR-57'] as const)
    it(`of ${calendar} agree with date-holidays from 1990 to 2100`, () => {
      for (const year of YEARS)
        assert.deepEqual(holidaysOf(calendar, year), [...holidaysByLibrary(calendar, year)].sort());
    });

  it('include Good Friday and 26 December in Alsace-Moselle only', () => {
    const days = [calendarDay(2026, 4, 3), calendarDay(2026, 12, 26)];
    for (const day of days) {
      assert.equal(isHoliday('FR-57', day), true);
      assert.equal(isHoliday('FR', day), false);
    }
  });

  it('are none, not even 1 January, without a calendar', () => {
    assert.equal(isHoliday('none', calendarDay(2026, 1, 1)), false);
    assert.equal(isHoliday('FR', calendarDay(2026, 1, 1)), true);
  });

  it('follow Easter at its earliest, its latest and its exceptions', () => {
    const easters = [
      [1818, 3, 22],
      [1943, 4, 25],
      [1954, 4, 18],
      [1981, 4, 19],
      [2008, 3, 23],
      [2026, 4, 5],
      [2038, 4, 25],
      [2049, 4, 18],
      [2076, 4, 19],
    ] as const;
    for (const [year, month, day] of easters)
      assert.equal(easterSunday(year), calendarDay(year, month, day), String(year));
  });
});

function holidaysOf(calendar: 'FR' | 'FR-57', year: number): string[] {
  const found: string[] = [];
  for (let day = calendarDay(year, 1, 1); day <= calendarDay(year, 12, 31); day++)
    if (isHoliday(calendar, day)) found.push(new Date(day * DAY_MS).toISOString().slice(5, 10));
  return found;
}
