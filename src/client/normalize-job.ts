import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';
import type { SmsJob } from '../domain/sms-job.js';
import { validateSmsJob } from '../domain/validate-sms-job.js';

/**
 * The job as the workflow wants it: the number that people typed in E.164, the account id in lower case, all of it checked.
 *
 * @param defaultRegion where a number without country code is from
 * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID, MESSAGE_REQUIRED
 */
export function normalizeJob(input: unknown, defaultRegion: CountryCode): SmsJob {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return validateSmsJob(input, 'refuse');
  const { recipientPhone, accountId } = input as Partial<Record<string, unknown>>;
  return validateSmsJob(
    {
      ...input,
      ...(typeof recipientPhone === 'string'
        ? { recipientPhone: toE164(recipientPhone, defaultRegion) }
        : {}),
      ...(typeof accountId === 'string' ? { accountId: accountId.toLowerCase() } : {}),
    },
    'refuse',
  );
}

/** The number in E.164, or "" if it is none: a text around it, an extension or a wrong length makes it none. */
export function toE164(typed: string, defaultCountry: CountryCode): string {
  const number = parsePhoneNumberFromString(typed, { defaultCountry, extract: false });
  return number?.isValid() === true && number.ext === undefined ? number.number : '';
}
