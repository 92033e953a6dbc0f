import type { PlannedHours } from '../plan/policy-plan.js';

/** A window of an account's policy, in minutes from midnight of the recipient's clock. */
export interface SendingWindow {
  readonly opensAt: number;
  /** Up to 1,440; before `opensAt`, it is on the next day. */
  readonly closesAt: number;
}

/** The windows of an account in a run: the first, and the one that its owner sets later. */
export interface AccountWindows {
  readonly first: SendingWindow;
  readonly moved?: SendingWindow;
}

const DAY = 24 * 60;

/** The window closes this long before its end, in minutes: a promise of the product. */
const CLOSES_EARLY = 15;

/** The clock of recipients whose number is French. */
export const HOME_ZONE = 'Europe/Paris';

/** The windows of an account whose run starts at this time, epoch milliseconds. */
export function planWindows(hours: PlannedHours, startedAtMs: number): AccountWindows {
  switch (hours.kind) {
    case 'always':
      return { first: { opensAt: 0, closesAt: DAY } };
    case 'moved': {
      const startsAt = Math.floor(minutesOfDay(HOME_ZONE, startedAtMs));
      const opensAt = minutesOfDay(HOME_ZONE, wholeMinute(startedAtMs + hours.opensAfterMs));
      const closesAt = wrap(startsAt + 9 * 60);
      return { first: { opensAt: wrap(startsAt - 3 * 60), closesAt }, moved: { opensAt, closesAt } };
    }
    case 'zones': {
      const opensAt = minutesOfDay('Etc/GMT', wholeMinute(startedAtMs + hours.opensAfterMs));
      const closes = minutesOfDay('Etc/GMT-4', wholeMinute(startedAtMs + hours.closesAfterMs));
      return { first: { opensAt, closesAt: wrap(closes + CLOSES_EARLY) } };
    }
  }
}

/**
 * Whether a window is open at a time, epoch milliseconds, in a zone; computed without the product.
 */
export function isWithin({ opensAt, closesAt }: SendingWindow, timeZone: string, atMs: number): boolean {
  const minutes = closesAt > opensAt ? closesAt - opensAt : closesAt - opensAt + DAY;
  return minutes === DAY || wrap(minutesOfDay(timeZone, atMs) - opensAt) < minutes - CLOSES_EARLY;
}

/** Minutes of a day as people write them: 08:30. */
export function formatMinutes(minutes: number): string {
  const two = (count: number) => String(count).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The minutes since midnight on a zone's clock, with a fraction. */
function minutesOfDay(timeZone: string, atMs: number): number {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: 'numeric', minute: 'numeric', hourCycle: 'h23' });
  clocks.set(timeZone, clock);
  const parts = clock.formatToParts(atMs);
  const read = (type: 'hour' | 'minute') => Number(parts.find((part) => part.type === type)?.value);
  return read('hour') * 60 + read('minute') + (atMs % 60_000) / 60_000;
}

function wholeMinute(atMs: number): number {
  return Math.ceil(atMs / 60_000) * 60_000;
}

function wrap(minutes: number): number {
  return ((minutes % DAY) + DAY) % DAY;
}
