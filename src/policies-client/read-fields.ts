import { isDate } from 'node:util/types';
import type { CountryCode } from 'libphonenumber-js';
import { readPhoneNumber } from '../phone-numbers/read-phone-number.js';
import type { OptOutSource } from '../domain/opt-out-source.js';
import { SmsError } from '../domain/errors.js';
import { isAccountId, isCorrelationId } from '../domain/sms-job-schema.js';
import { isInBounds } from '../domain/timestamp.js';

// From JavaScript, anything may come. No value is quoted: it may be a number.

/** The id of an account, in lower case. @throws SmsError VALIDATION_FAILED */
export function readAccountId(accountId: unknown): string {
  if (!isAccountId(accountId)) throw invalid('accountId must be a UUID.');
  return String(accountId).toLowerCase();
}

/** A number in E.164. @throws SmsError PHONE_NUMBER_INVALID */
export function readRecipientPhone(written: unknown, defaultRegion: CountryCode): string {
  const reading =
    typeof written === 'string'
      ? readPhoneNumber(written, { defaultRegion, allowAnyNumber: true })
      : { problem: 'must be a phone number' };
  if ('number' in reading) return reading.number;
  throw new SmsError('PHONE_NUMBER_INVALID', { message: `recipientPhone ${reading.problem}.` });
}

/** A time. @throws SmsError VALIDATION_FAILED */
export function readDate(name: string, date: unknown): Date {
  if (!isDate(date) || !isInBounds(date.getTime())) throw invalid(`${name} must be a valid Date after 1970.`);
  return date;
}

/** A hunt id. @throws SmsError VALIDATION_FAILED */
export function readHuntId(huntId: unknown): string {
  if (!isCorrelationId(huntId)) throw invalid('huntId must be 1 to 128 letters, digits or . _ : -');
  return String(huntId);
}

const SOURCES: readonly unknown[] = ['keyword', 'operator', 'api'] satisfies OptOutSource[];

/** Where an opt-out came from. @throws SmsError VALIDATION_FAILED */
export function readSource(source: unknown): OptOutSource {
  if (!SOURCES.includes(source)) throw invalid('source must be keyword, operator or api.');
  return source as OptOutSource;
}

/** An id of the provider's: it may look like anything. @throws SmsError VALIDATION_FAILED */
export function readInboundId(name: string, id: unknown): string {
  if (typeof id !== 'string' || id === '' || id.length > 1_000 || id.includes('\0'))
    throw invalid(`${name} must be the id of a message: a text of 1 to 1,000 characters.`);
  return id;
}

/** A whole number within bounds. @throws SmsError VALIDATION_FAILED */
export function readPageSize(pageSize: unknown): number {
  const size = Number(pageSize);
  if (typeof pageSize !== 'number' || !Number.isInteger(size) || size < 1 || size > 10_000)
    throw invalid('pageSize must be a whole number from 1 to 10,000.');
  return size;
}

/** What `read` makes of a value that may be left out. */
export function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}

/** The error of a value that cannot be used, in a sentence that says what to do. */
export function invalid(message: string): SmsError {
  return new SmsError('VALIDATION_FAILED', { message });
}
