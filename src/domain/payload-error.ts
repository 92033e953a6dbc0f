/**
 * A payload that cannot be decrypted here. Its words name the key id: nothing of what the payload
 * holds.
 */
export abstract class PayloadError extends Error {}

// The SDK makes the name of its class the type of the failure that stands for an error.

/** The payload's key is not among SMS_PAYLOAD_KEYS here. */
export class PayloadKeyUnknown extends PayloadError {
  override readonly name = 'PayloadKeyUnknown';
}

/** The payload was altered or cut, or its key has been replaced under the same id. */
export class PayloadDamaged extends PayloadError {
  override readonly name = 'PayloadDamaged';
}

const TYPES = ['PayloadKeyUnknown', 'PayloadDamaged'];

/**
 * Whether a failure's `type` says that the input of an activity could not be decrypted: nothing of
 * it has run.
 */
export function isPayloadErrorType(type: unknown): boolean {
  return typeof type === 'string' && TYPES.includes(type);
}
