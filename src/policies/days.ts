/** A day of 24 h, in milliseconds. */
export const DAY_MS = 24 * 60 * 60_000;

/** The day of the week of a calendar day, as in ISO 8601: 1 is Monday, 7 is Sunday. */
export function isoWeekday(day: number): number {
  // 1970-01-01, day 0, was a Thursday.
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** The number of a calendar day: days since 1970-01-01, whatever the zone. Months count from 1. */
export function calendarDay(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** The year of a calendar day. */
export function yearOf(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}
