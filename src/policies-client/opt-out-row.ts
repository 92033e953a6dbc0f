import type { CountryCode } from 'libphonenumber-js';
import type { OptOutRow } from '../db/policy-store/opt-outs.js';
import {
  optional,
  readAccountId,
  readDate,
  readInboundId,
  readRecipientPhone,
  readSource,
} from './read-fields.js';
import type { NewOptOut } from './sms-opt-outs.js';

/**
 * An opt-out as it is stored.
 *
 * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID
 */
export function toOptOutRow(
  optOut: Readonly<Record<keyof NewOptOut, unknown>> | NewOptOut,
  defaultRegion: CountryCode,
): OptOutRow {
  const { accountId, recipientPhone, source = 'api', optedOutAt, inboundId } = optOut;
  return {
    accountId: readAccountId(accountId),
    phone: readRecipientPhone(recipientPhone, defaultRegion),
    source: readSource(source),
    optedOutAt: optional(optedOutAt, (date) => readDate('optedOutAt', date)),
    inboundId: optional(inboundId, (id) => readInboundId('inboundId', id)),
  };
}
