import { DateTime, IANAZone } from 'luxon';

/** A window as the second implementation takes it: minutes of the day, and a rule for each date. */
export interface LuxonWindow {
  readonly opens: number;
  /** Minutes of the day up to 1,440; not after `opens` for a window past midnight. */
  readonly closes: number;
  /** Whether the window opens on a date. */
  readonly opensOn: (date: DateTime) => boolean;
}

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const HOUR = 60 * MINUTE;

/**
 * Whether a moment and the 15 minutes after it are within the window, minute by minute: the second
 * implementation, which knows neither stretches nor days of UTC.
 */
export function isOpenByLuxon(window: LuxonWindow, zone: string, atMs: number): boolean {
  if (!isInWindow(window, zone, atMs)) return false;
  for (let ms = Math.floor(atMs / MINUTE + 1) * MINUTE; ms <= atMs + QUARTER; ms += MINUTE)
    if (!isInWindow(window, zone, ms)) return false;
  return true;
}

/**
 * The earliest open moment: the first that is open of all moments at which one can begin, which are
 * the start, each opening under each offset of these days, and each change of the clocks.
 */
export function nextOpeningByLuxon(
  window: LuxonWindow,
  zone: string,
  fromMs: number,
  days: number,
): number | undefined {
  const candidates = new Set([fromMs]);
  const offsets = new Set<number>();
  const endMs = fromMs + days * 24 * HOUR;
  const iana = IANAZone.create(zone);
  let before = iana.offset(fromMs - 24 * HOUR);
  offsets.add(before);
  for (let ms = Math.floor(fromMs / HOUR - 24) * HOUR; ms <= endMs + HOUR; ms += HOUR) {
    const offset = iana.offset(ms);
    offsets.add(offset);
    // Since 1980 clocks have changed at quarters of an hour only.
    if (offset !== before)
      for (let quarter = 0; quarter < 4; quarter++) candidates.add(ms - quarter * QUARTER);
    before = offset;
  }
  const firstDay = Math.floor(fromMs / (24 * HOUR)) - 2;
  for (let day = firstDay; day <= firstDay + days + 4; day++)
    for (const offset of offsets) candidates.add(day * 24 * HOUR + (window.opens - offset) * MINUTE);
  return [...candidates]
    .filter((ms) => ms >= fromMs && ms <= endMs)
    .sort((one, other) => one - other)
    .find((ms) => isOpenByLuxon(window, zone, ms));
}

function isInWindow(window: LuxonWindow, zone: string, atMs: number): boolean {
  const wall = DateTime.fromMillis(atMs, { zone });
  const minute = wall.hour * 60 + wall.minute;
  if (window.opens < window.closes)
    return minute >= window.opens && minute < window.closes && window.opensOn(wall);
  return minute >= window.opens
    ? window.opensOn(wall)
    : minute < window.closes && window.opensOn(dayBefore(wall));
}

/** The date before, by the calendar: a zone may have skipped it. */
function dayBefore(wall: DateTime): DateTime {
  return DateTime.utc(wall.year, wall.month, wall.day).minus({ days: 1 });
}
