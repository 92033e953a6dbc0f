import { createHmac } from 'node:crypto';
import type { PayloadKey } from './payload-keys.js';
import { deriveKey } from './secret-key.js';

const INFO = 'durable-sms/recipient-key/v1';

/**
 * Used while payload encryption is off: runs to one number still find each other, but anyone can
 * compute it.
 */
const FIXED_KEY = Buffer.alloc(32, 'durable-sms');

/** The digest of a number for the search attribute `SmsRecipientKey`. */
export type RecipientKey = (recipientPhone: string) => string;

/**
 * Makes the digest of the numbers: HMAC-SHA-256 in hexadecimal under a key derived from a payload
 * key. Without that key, the digest reveals nothing about the number. Digests without a key could
 * be broken by trying every number.
 *
 * @param payloadKey the key that encrypts, or undefined where payload encryption is off
 */
export function createRecipientKey(payloadKey: PayloadKey | undefined): RecipientKey {
  const key = deriveKey(payloadKey?.key ?? FIXED_KEY, INFO);
  return (recipientPhone) => createHmac('sha256', key).update(recipientPhone, 'utf8').digest('hex');
}

/**
 * The digests of a number under all known keys: runs that were started before a rotation carry an
 * older one.
 */
export type RecipientKeys = (recipientPhone: string) => readonly string[];

/**
 * Makes the digests of the numbers under each payload key, see {@link createRecipientKey}.
 *
 * @param payloadKeys all known ones; none where payload encryption is off
 */
export function createRecipientKeys(payloadKeys: readonly PayloadKey[]): RecipientKeys {
  const digests =
    payloadKeys.length === 0 ? [createRecipientKey(undefined)] : payloadKeys.map(createRecipientKey);
  return (recipientPhone) => digests.map((digest) => digest(recipientPhone));
}
