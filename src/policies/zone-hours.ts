import { DAY_MS, isoWeekday } from './days.js';
import { isHoliday } from './holidays.js';
import { CLOSES_EARLY_MS, minutesOfDay, type SendingPolicy } from './sending-policy.js';
import type { ZoneClock } from './zone-clock.js';

/** A policy's window, in milliseconds by the clock on the wall. */
export interface Window {
  /** From midnight to the opening. */
  readonly opensMs: number;
  /** From the midnight before the opening to the closing: more than a day for one past midnight. */
  readonly closesMs: number;
  /** Whether the window opens on this calendar day (days since 1970-01-01). */
  readonly opensOn: (day: number) => boolean;
}

/** The window of a policy that {@link readSendingPolicy} returned. */
export function windowOf(policy: SendingPolicy): Window {
  const opensMs = (minutesOfDay(policy.opensAt) ?? NaN) * 60_000;
  const closesMs = (minutesOfDay(policy.closesAt) ?? NaN) * 60_000;
  const days = new Set(policy.days);
  return {
    opensMs,
    closesMs: closesMs > opensMs ? closesMs : closesMs + DAY_MS,
    opensOn: (day) => days.has(isoWeekday(day)) && !isHoliday(policy.holidays, day),
  };
}

/**
 * The earliest moment from `fromMs` on at which the window is open in this zone, and still is 15
 * min later; undefined if there is none up to `untilMs`. A moment is within the window if the clock
 * on the wall is: a clock that jumps over the opening opens it, one that is put back before the
 * closing opens it again.
 */
export function nextOpeningInZone(
  window: Window,
  clock: ZoneClock,
  fromMs: number,
  untilMs: number,
): number | undefined {
  let startMs = fromMs;
  let endMs = -Infinity;
  // Nothing that starts on a later day of UTC counts, but what is open may reach into it.
  for (let day = Math.floor(fromMs / DAY_MS); day * DAY_MS <= Math.max(untilMs, endMs); day++) {
    for (const [opensMs, closesMs] of openStretches(window, clock, day)) {
      if (closesMs <= fromMs) continue;
      // Windows that touch are one: what is open around midnight does not close early there.
      if (opensMs > endMs) startMs = Math.max(opensMs, fromMs);
      endMs = closesMs;
      if (startMs > untilMs) return undefined;
      if (startMs + CLOSES_EARLY_MS < endMs) return startMs;
    }
  }
  return undefined;
}

/** What is open of a day of UTC, in order. */
function openStretches(window: Window, clock: ZoneClock, utcDay: number): readonly [number, number][] {
  return clock.stretchesOf(utcDay).flatMap(({ fromMs, untilMs, offsetMs }) => {
    const wallFrom = fromMs + offsetMs;
    const wallUntil = untilMs + offsetMs;
    const found: [number, number][] = [];
    // The window of the day before may last past midnight.
    for (let day = Math.floor(wallFrom / DAY_MS) - 1; day * DAY_MS < wallUntil; day++) {
      if (!window.opensOn(day)) continue;
      const start = Math.max(day * DAY_MS + window.opensMs, wallFrom);
      const end = Math.min(day * DAY_MS + window.closesMs, wallUntil);
      if (start < end) found.push([start - offsetMs, end - offsetMs]);
    }
    return found;
  });
}
