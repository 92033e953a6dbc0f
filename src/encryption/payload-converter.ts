import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';

// The SDK loads this file by its path, also into the sandbox of workflows: it imports nothing of
// ours.

/** An object carries the origin of its payload, see `src/encryption/payload-origin.ts`. */
const ORIGIN = { metadata: 'durable-sms-origin', property: Symbol.for('durable-sms.origin') };

/**
 * Encodings that a worker with the right settings could read: to wait for it is better than to fail
 * the run.
 */
const UNREADABLE_WITHOUT_CODEC = 'binary/encrypted';

/**
 * Temporal's own converter, but a payload that no JSON parser can read becomes `undefined`, so that
 * a run started by hand with such an input ends as VALIDATION_FAILED; otherwise its workflow task
 * would fail for ever.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  // The SDK's own signature: the caller names the type.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  fromPayload<T>(payload: Payload): T {
    try {
      const value = defaultPayloadConverter.fromPayload<T>(payload);
      const origin = metadataText(payload, ORIGIN.metadata);
      // Not enumerable: no copy and no comparison sees it.
      if (isObject(value) && origin !== '') Object.defineProperty(value, ORIGIN.property, { value: origin });
      return value;
    } catch (error) {
      if (metadataText(payload, 'encoding') === UNREADABLE_WITHOUT_CODEC) throw error;
      return undefined as T;
    }
  },
};

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/**
 * Its start: others write what they like there, of any length, and no argument list takes all of
 * it.
 */
function metadataText({ metadata }: Payload, name: string): string {
  return String.fromCharCode(...(metadata?.[name] ?? []).slice(0, 64));
}
