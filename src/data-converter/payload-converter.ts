import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';

/** Encodings that a worker with the right settings could read: to wait for it is better than to fail the run. */
const UNREADABLE_WITHOUT_CODEC = 'binary/encrypted';

/**
 * Temporal's own converter, but a payload that no JSON parser can read becomes `undefined`, so that a run started by hand
 * with such an input ends as VALIDATION_FAILED; otherwise its workflow task would fail for ever.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  // The SDK's own signature: the caller names the type.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  fromPayload<T>(payload: Payload): T {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload);
    } catch (error) {
      if (encodingOf(payload) === UNREADABLE_WITHOUT_CODEC) throw error;
      return undefined as T;
    }
  },
};

function encodingOf(payload: Payload): string {
  return String.fromCharCode(...(payload.metadata?.['encoding'] ?? []));
}
