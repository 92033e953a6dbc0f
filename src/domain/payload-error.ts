/** Why a payload cannot be decrypted; also the `type` of an activity's failure whose input could not be. */
export const PAYLOAD_ERROR_TYPES = [
  /** Its key is not among SMS_PAYLOAD_KEYS here. */
  'PayloadKeyUnknown',
  /** It was altered or cut, or its key has been replaced under the same id. */
  'PayloadDamaged',
] as const;

/** One of {@link PAYLOAD_ERROR_TYPES}. */
export type PayloadErrorType = (typeof PAYLOAD_ERROR_TYPES)[number];

/** A payload that cannot be decrypted here. Its words name the key id: nothing of what the payload holds. */
export class PayloadError extends Error {
  // The SDK makes the name of an error the type of the failure that stands for it.
  override readonly name: PayloadErrorType;

  constructor(type: PayloadErrorType, message: string) {
    super(message);
    this.name = type;
  }
}

/** Whether a failure's `type` says that the input of an activity could not be decrypted: nothing of it has run. */
export function isPayloadErrorType(type: unknown): type is PayloadErrorType {
  return PAYLOAD_ERROR_TYPES.some((known) => known === type);
}
