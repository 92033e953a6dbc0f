import type { CountryCode } from 'libphonenumber-js';
import { cleanPhoneNumber } from './clean-phone-number.js';
import { readPhoneNumber } from './read-phone-number.js';

/** Which numbers the sender of a message may be; none for a name such as MPESA, or a short code. */
export interface SenderNumber {
  /** E.164: what was written read as an international number, and as one of the region. */
  readonly numbers: readonly string[];
  /** The last 8 digits, where what was written cannot be a number of the region. */
  readonly lastDigits?: string;
}

/** How many digits at the end of two numbers make them one where nothing better can be compared. */
const LAST_DIGITS = 8;

/** Nothing longer is read: E.164 has 15 digits at most, here with any separators between them. */
const MAX_LENGTH = 64;

const E164 = /^\+[1-9]\d{6,14}$/;

/**
 * The sender of a message as the provider writes it: `+33639980001`, `33639980001`,
 * `0033 6 39 98 00 01` and, in France, `06 39 98 00 01` are the same number. Pure.
 *
 * @param region where a number without a country code is from
 */
export function readSender(from: string, region: CountryCode): SenderNumber {
  const cleaned = from.length > MAX_LENGTH ? undefined : cleanPhoneNumber(from);
  if (cleaned === undefined) return { numbers: [] };
  const digits = cleaned.replace(/^(?:\+|00)/, '');
  const read = readPhoneNumber(cleaned, { defaultRegion: region, allowAnyNumber: true });
  const readings = [`+${digits}`, ...('number' in read ? [read.number] : [])];
  const numbers = [...new Set(readings.filter((number) => E164.test(number)))];
  if ('number' in read || digits.length < LAST_DIGITS) return { numbers };
  return { numbers, lastDigits: digits.slice(-LAST_DIGITS) };
}

/**
 * The numbers, of those given in E.164, that the sender of a message may be: usually none or one,
 * several only if they share their last 8 digits and the sender cannot be read in the region. Pure.
 *
 * @param region where a number without a country code is from
 * @example
 * matchNumber('06 39 98 00 01', ['+33639980001', '+33639980002'], 'FR'); // ['+33639980001']
 */
export function matchNumber(
  from: string,
  candidates: readonly string[],
  region: CountryCode,
): readonly string[] {
  const { numbers, lastDigits } = readSender(from, region);
  const exact = candidates.filter((candidate) => numbers.includes(candidate));
  if (exact.length > 0 || lastDigits === undefined) return exact;
  return candidates.filter((candidate) => candidate.endsWith(lastDigits));
}
