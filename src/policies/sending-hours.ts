import { SmsError } from '../domain/errors.js';
import { DAY_MS } from './days.js';
import { recipientTimeZones } from './recipient-time-zones.js';
import { readSendingPolicy, type SendingPolicy } from './sending-policy.js';
import { isTimeZone, zoneClock, type ZoneClock } from './zone-clock.js';
import { nextOpeningInZone, windowOf, type Window } from './zone-hours.js';

/** When one recipient may be written to. */
export interface SendingHours {
  /** The IANA zones in which the recipient may be: a moment is within the hours in all of them. */
  readonly timeZones: readonly string[];
  /**
   * Whether a moment, in epoch milliseconds, is within the hours, and at least 15 min before their
   * end.
   */
  isOpen(atMs: number): boolean;
  /**
   * The earliest moment from `fromMs` on that is within the hours, in epoch milliseconds; undefined
   * if there is none up to and including `untilMs`.
   *
   * @default untilMs: 400 days after `fromMs`
   */
  nextOpening(fromMs: number, untilMs?: number): number | undefined;
}

/** What a job says about its recipient's hours. */
export interface SendingHoursOptions {
  /**
   * The recipient's IANA time zone.
   *
   * @default by the country of the number
   */
  readonly timeZone?: string | undefined;
}

/**
 * How far a search goes: a year and what surrounds it, as zones may have hours in common on some
 * days of the year only.
 */
const MAX_SEARCH_MS = 400 * DAY_MS;

/**
 * The hours of a policy in the zones of a recipient. The policy's days and holidays hold by the
 * local date in each zone, in every country; a window past midnight belongs to the day on which it
 * opens.
 *
 * @param recipientPhone In E.164.
 * @throws SmsError VALIDATION_FAILED, never retried, for a policy or zone that is not valid.
 */
export function createSendingHours(
  policy: SendingPolicy,
  recipientPhone: string,
  options: SendingHoursOptions = {},
): SendingHours {
  const checked = readSendingPolicy(policy);
  if (options.timeZone !== undefined && !isTimeZone(options.timeZone))
    throw new SmsError('VALIDATION_FAILED', {
      message: 'options.timeZone must be a time zone of the IANA database, such as Europe/Paris.',
    });
  const timeZones =
    options.timeZone === undefined ? recipientTimeZones(recipientPhone, checked) : [options.timeZone];
  const clocks = timeZones.map(zoneClock);
  const window = windowOf(checked);
  const nextOpening = (fromMs: number, untilMs = Infinity) => {
    if (!Number.isFinite(fromMs) || Number.isNaN(untilMs))
      throw new RangeError('A moment must be a number of milliseconds.');
    const earliestMs = Math.ceil(fromMs);
    const latestMs = Math.min(Math.floor(untilMs), earliestMs + MAX_SEARCH_MS);
    return nextOpeningInAll(window, clocks, earliestMs, latestMs);
  };
  return { timeZones, isOpen: (atMs) => nextOpening(Math.floor(atMs), atMs) !== undefined, nextOpening };
}

/** Each zone in turn moves the moment on, until all of them have it. */
function nextOpeningInAll(
  window: Window,
  clocks: readonly ZoneClock[],
  fromMs: number,
  untilMs: number,
): number | undefined {
  let atMs = fromMs;
  for (;;) {
    const before = atMs;
    for (const clock of clocks) {
      const openMs = nextOpeningInZone(window, clock, atMs, untilMs);
      if (openMs === undefined) return undefined;
      atMs = openMs;
    }
    if (atMs === before) return atMs;
  }
}
