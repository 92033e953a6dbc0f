import { SmsError } from '../domain/errors.js';
import { isTimeZone } from './zone-clock.js';

/**
 * Whose public holidays close the day: France's, Alsace-Moselle's (department 57), or
 * none.
 */
export type HolidayCalendar = 'FR' | 'FR-57' | 'none';

/** When, and at which pace, an account sends marketing messages. */
export interface SendingPolicy {
  /**
   * The home country, as ISO 3166-1 alpha-2.
   *
   * @default 'FR'
   */
  readonly region: string;
  /**
   * The IANA time zone of recipients at home, and of those whose country is unknown.
   *
   * @default 'Europe/Paris'
   */
  readonly timeZone: string;
  /**
   * The days on which the window opens: 1 is Monday, 7 is Sunday (ISO 8601).
   *
   * @default [1, 2, 3, 4, 5, 6]
   */
  readonly days: readonly number[];
  /**
   * When the window opens by the recipient's clock: `HH:MM`.
   *
   * @default '08:30'
   */
  readonly opensAt: string;
  /**
   * When the window closes by the recipient's clock: `HH:MM`, up to `24:00`. A time before
   * `opensAt` is on the next day.
   *
   * @default '20:00'
   */
  readonly closesAt: string;
  /**
   * The holidays on which the window does not open.
   *
   * @default 'FR'
   */
  readonly holidays: HolidayCalendar;
  /**
   * The most requests in any 60 s; their spacing is at least 60 s divided by it.
   *
   * @default 6
   */
  readonly perMinute: number;
  /**
   * The most segments in any 60 s; a longer message is never sent.
   *
   * @default 20
   */
  readonly segmentsPerMinute: number;
  /**
   * The most requests in any 60 min.
   *
   * @default 100
   */
  readonly perHour: number;
  /**
   * The most requests in any 24 h.
   *
   * @default 300
   */
  readonly perDay: number;
  /**
   * The most recipients written to for the first time in any 30 days of 24 h.
   *
   * @default 200
   */
  readonly newRecipientsPer30Days: number;
}

/** What holds for an account that set nothing. */
export const DEFAULT_SENDING_POLICY: SendingPolicy = {
  region: 'FR',
  timeZone: 'Europe/Paris',
  days: [1, 2, 3, 4, 5, 6],
  opensAt: '08:30',
  closesAt: '20:00',
  holidays: 'FR',
  perMinute: 6,
  segmentsPerMinute: 20,
  perHour: 100,
  perDay: 300,
  newRecipientsPer30Days: 200,
};

/**
 * How long before its end the window closes: the provider keeps a message until the phone takes it.
 */
export const CLOSES_EARLY_MS = 15 * 60_000;

/** `HH:MM`, or with the seconds that PostgreSQL adds. */
const TIME_OF_DAY = /^(?:(?<hours>[01]\d|2[0-3]):(?<minutes>[0-5]\d)|24:00)(?::00)?$/;

const CALENDARS: readonly string[] = ['FR', 'FR-57', 'none'];

const LIMITS = ['perMinute', 'segmentsPerMinute', 'perHour', 'perDay', 'newRecipientsPer30Days'] as const;

/** The most that a limit can be: a request a millisecond; and what the others can. */
const MAX_PER_MINUTE = 60_000;
const MAX_LIMIT = 999_999_999;

/**
 * A whole policy from the values that are set; the rest is {@link DEFAULT_SENDING_POLICY}. Takes
 * what PostgreSQL answers (`08:30:00`) and what people write (`08:30`).
 *
 * @throws SmsError VALIDATION_FAILED, never retried, that names the field and says what to do.
 */
export function readSendingPolicy(values: Partial<SendingPolicy> = {}): SendingPolicy {
  const policy: SendingPolicy = Object.assign({}, DEFAULT_SENDING_POLICY, values);
  const problem = problemOf(policy);
  if (problem !== undefined) throw invalidPolicy(problem);
  return Object.assign({}, policy, {
    opensAt: policy.opensAt.slice(0, 5),
    closesAt: policy.closesAt.slice(0, 5),
  });
}

/** Minutes from midnight of a time of day, or undefined if it is none. */
export function minutesOfDay(written: unknown): number | undefined {
  const match = typeof written === 'string' ? TIME_OF_DAY.exec(written) : null;
  if (match === null) return undefined;
  return Number(match.groups?.['hours'] ?? 24) * 60 + Number(match.groups?.['minutes'] ?? 0);
}

/** The error of a policy that cannot be followed. */
function invalidPolicy(problem: string): SmsError {
  return new SmsError('VALIDATION_FAILED', { message: `The sending policy is not valid: ${problem}` });
}

function problemOf(policy: SendingPolicy): string | undefined {
  if (!/^[A-Z]{2}$/.test(policy.region))
    return 'region must be a country as two capital letters (ISO 3166), such as FR.';
  if (!isTimeZone(policy.timeZone))
    return 'timeZone must be a time zone of the IANA database, such as Europe/Paris.';
  if (!areDays(policy.days))
    return 'days must name at least one day of the week, from 1 (Monday) to 7 (Sunday).';
  if (!CALENDARS.includes(policy.holidays)) return 'holidays must be FR, FR-57 or none.';
  return problemOfWindow(policy.opensAt, policy.closesAt) ?? problemOfLimits(policy);
}

function areDays(days: unknown): boolean {
  return (
    Array.isArray(days) &&
    days.length > 0 &&
    days.every((day) => Number.isInteger(day) && Number(day) >= 1 && Number(day) <= 7)
  );
}

function problemOfWindow(opensAt: string, closesAt: string): string | undefined {
  const opens = minutesOfDay(opensAt);
  const closes = minutesOfDay(closesAt);
  if (opens === undefined || opens === 24 * 60)
    return 'opensAt must be a time from 00:00 to 23:59, such as 08:30.';
  if (closes === undefined) return 'closesAt must be a time from 00:00 to 24:00, such as 20:00.';
  const minutes = closes > opens ? closes - opens : closes - opens + 24 * 60;
  if (closes === opens) return 'opensAt and closesAt must differ: for the whole day, write 00:00 and 24:00.';
  return minutes * 60_000 > CLOSES_EARLY_MS
    ? undefined
    : 'the window must be longer than 15 minutes: sending stops that long before closesAt.';
}

function problemOfLimits(policy: SendingPolicy): string | undefined {
  const wrong = LIMITS.find((name) => !Number.isInteger(policy[name]) || policy[name] < 1);
  if (wrong !== undefined) return `${wrong} must be a whole number, and at least 1.`;
  const tooHigh = LIMITS.find((name) => policy[name] > MAX_LIMIT);
  if (tooHigh !== undefined) return `${tooHigh} must be at most ${MAX_LIMIT}.`;
  return policy.perMinute > MAX_PER_MINUTE ? `perMinute must be at most ${MAX_PER_MINUTE}.` : undefined;
}
