import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';

// The SDK loads this file by its path, also into the sandbox of workflows: it imports nothing of ours.

/** An object that came unencrypted carries this, see `src/data-converter/payload-codec.ts`. */
const CAME_PLAIN = { metadata: 'durable-sms-came-plain', property: Symbol.for('durable-sms.came-plain') };

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
      const value = defaultPayloadConverter.fromPayload<T>(payload);
      if (isObject(value) && payload.metadata?.[CAME_PLAIN.metadata]) {
        // Not enumerable: no copy and no comparison sees it.
        Object.defineProperty(value, CAME_PLAIN.property, { value: true });
      }
      return value;
    } catch (error) {
      if (encodingOf(payload) === UNREADABLE_WITHOUT_CODEC) throw error;
      return undefined as T;
    }
  },
};

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Its start: others write what they like there, of any length, and no argument list takes all of it. */
function encodingOf(payload: Payload): string {
  return String.fromCharCode(...(payload.metadata?.['encoding'] ?? []).slice(0, 64));
}
