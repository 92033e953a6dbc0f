import { omitUndefined } from '../../domain/omit-undefined.js';
import type { HolidayCalendar, SendingPolicy } from '../../policies/sending-policy.js';
import { UsageError } from '../cli-error.js';

/** The flags of `policy set`. */
export interface PolicyFlags {
  readonly region?: string;
  readonly timeZone?: string;
  readonly days?: string;
  readonly opens?: string;
  readonly closes?: string;
  readonly holidays?: HolidayCalendar;
  readonly perMinute?: string;
  readonly segmentsPerMinute?: string;
  readonly perHour?: string;
  readonly perDay?: string;
  readonly newRecipients?: string;
  readonly reset?: boolean;
  readonly json?: boolean;
}

/**
 * The settings that the flags name; the client checks whether they go together.
 *
 * @throws UsageError
 */
export function readPolicyFlags(flags: PolicyFlags): Partial<SendingPolicy> {
  return omitUndefined({
    region: flags.region,
    timeZone: flags.timeZone,
    days: flags.days === undefined ? undefined : readDays(flags.days),
    opensAt: flags.opens,
    closesAt: flags.closes,
    holidays: flags.holidays,
    perMinute: readLimit('--per-minute', flags.perMinute),
    segmentsPerMinute: readLimit('--segments-per-minute', flags.segmentsPerMinute),
    perHour: readLimit('--per-hour', flags.perHour),
    perDay: readLimit('--per-day', flags.perDay),
    newRecipientsPer30Days: readLimit('--new-recipients', flags.newRecipients),
  });
}

const DAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Days as people read them: `mon, tue, wed`. */
export function formatDays(days: readonly number[]): string {
  return days.map((day) => DAY_NAMES[day - 1] ?? String(day)).join(', ');
}

/** `mon-sat`, `1-6`, `mon,wed,5`; a stretch may go over the end of the week. */
function readDays(text: string): readonly number[] {
  const days = text
    .toLowerCase()
    .split(',')
    .flatMap((part) => {
      const [first = 0, last = first, ...more] = part.split('-').map(readDay);
      if (first === 0 || last === 0 || more.length > 0) return [0];
      return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, i) => ((first - 1 + i) % 7) + 1);
    });
  if (days.includes(0))
    throw new UsageError('--days must be like mon-sat, 1-6 or mon,wed,fri; 1 is Monday, 7 is Sunday.');
  return days;
}

/** 1 to 7; 0 for everything else. */
function readDay(text: string): number {
  const word = text.trim();
  if (/^[1-7]$/.test(word)) return Number(word);
  return word.length < 3 ? 0 : DAY_NAMES.findIndex((name) => isDayName(word, name)) + 1;
}

const LONG_NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

function isDayName(word: string, name: string): boolean {
  return word.startsWith(name) && LONG_NAMES.some((long) => long.startsWith(word));
}

function readLimit(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1)
    throw new UsageError(`${option} must be a whole number of at least 1, and at most 999999999.`);
  return Number(text);
}
