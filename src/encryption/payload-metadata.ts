import type { Payload } from '@temporalio/common';

/**
 * The encoding of payloads that are encrypted; Temporal's own samples call it so, and its tools
 * show it so.
 */
export const ENCRYPTED_ENCODING = 'binary/encrypted';

/** The metadata that names the key. */
export const KEY_ID = 'encryption-key-id';

/** The metadata, in memory only, of payloads that are to stay readable: ids in the memo. */
export const CLEAR = 'durable-sms-clear';

/**
 * The metadata that the codec adds to what it has read, in memory only: its origin, see
 * `payload-origin.ts`.
 */
export const ORIGIN = 'durable-sms-origin';

/** The metadata, inside the encryption, that names the workflow id that a payload was made for. */
export const BOUND_TO = 'durable-sms-workflow-id';

const PRESENT = new Uint8Array([1]);

/**
 * Encodings and key ids of ours have no more bytes; others write what they like into a payload, of
 * any length.
 */
const MAX_VALUE = 64;

/**
 * A metadata value as text; "" where there is none, and of one that is longer than any of ours the
 * start and an ellipsis.
 */
export function metadataText({ metadata }: Payload, name: string): string {
  const bytes = metadata?.[name] ?? [];
  const text = String.fromCharCode(...bytes.slice(0, MAX_VALUE));
  return bytes.length > MAX_VALUE ? `${text}…` : text;
}

/** Whether a payload carries this mark. */
export function isMarked({ metadata }: Payload, name: string): boolean {
  return metadata?.[name] != null;
}

/** The payload with this mark. */
export function marked(payload: Payload, name: string): Payload {
  return withMetadata(payload, name, PRESENT);
}

/** The payload with this metadata, in place of what it had under the name. */
export function withMetadata(payload: Payload, name: string, value: Uint8Array): Payload {
  return { ...payload, metadata: { ...payload.metadata, [name]: value } };
}

/** The payload without this mark. */
export function unmarked(payload: Payload, name: string): Payload {
  const { [name]: mark, ...metadata } = payload.metadata ?? {};
  return mark === undefined ? payload : { ...payload, metadata };
}
