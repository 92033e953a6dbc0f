import type { CountryCode } from 'libphonenumber-js';
import { isRecord } from '../domain/is-record.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import type { SmsJob, SmsOptions } from '../domain/sms-job.js';
import { validateSmsJob } from '../domain/validate-sms-job.js';
import { readPhoneNumber } from '../phone-numbers/read-phone-number.js';

/**
 * The job as the workflow wants it: the number that people typed in E.164, the account id in lower
 * case, the client's own options where it leaves them out, all of it checked.
 *
 * @param defaults.defaultRegion where a number without country code is from
 * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID, MESSAGE_REQUIRED
 */
export function normalizeJob(
  input: unknown,
  {
    defaultRegion,
    ...defaults
  }: { readonly defaultRegion: CountryCode } & Pick<SmsOptions, 'purpose' | 'follow'>,
): SmsJob {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return validateSmsJob(input, 'refuse');
  const { recipientPhone, accountId, options } = input as Partial<Record<string, unknown>>;
  const reading =
    typeof recipientPhone === 'string'
      ? readPhoneNumber(recipientPhone, { defaultRegion, allowAnyNumber: allowsAnyNumber(options) })
      : undefined;
  return validateSmsJob(
    {
      ...input,
      ...(reading === undefined ? {} : { recipientPhone: 'number' in reading ? reading.number : '' }),
      ...(typeof accountId === 'string' ? { accountId: accountId.toLowerCase() } : {}),
      ...withDefaults(options, omitUndefined(defaults)),
    },
    'refuse',
    reading !== undefined && 'problem' in reading ? { recipientProblem: reading.problem } : {},
  );
}

/** The options of a job with those that it leaves out; what they are not is reported as it is. */
function withDefaults(
  options: unknown,
  defaults: Pick<SmsOptions, 'purpose' | 'follow'>,
): { options?: unknown } {
  if (options !== undefined && !isRecord(options)) return {};
  const missing = Object.entries(defaults).filter(([name]) => options?.[name] === undefined);
  return missing.length === 0 ? {} : { options: Object.assign({}, options, Object.fromEntries(missing)) };
}

function allowsAnyNumber(options: unknown): boolean {
  return (
    typeof options === 'object' &&
    options !== null &&
    (options as Record<string, unknown>)['allowAnyNumber'] === true
  );
}
