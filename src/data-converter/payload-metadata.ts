import type { Payload } from '@temporalio/common';

/** The encoding of payloads that are encrypted; Temporal's own samples call it so, and its tools show it so. */
export const ENCRYPTED_ENCODING = 'binary/encrypted';

/** The metadata that names the key. */
export const KEY_ID = 'encryption-key-id';

/** The metadata of payloads that are to stay readable: ids in the memo. */
export const CLEAR = 'durable-sms-clear';

/** The metadata that the codec adds, in memory only, to payloads that came unencrypted. */
export const CAME_PLAIN = 'durable-sms-came-plain';

const PRESENT = new Uint8Array([1]);

/** A metadata value as text; "" where there is none. */
export function metadataText({ metadata }: Payload, name: string): string {
  return String.fromCharCode(...(metadata?.[name] ?? []));
}

/** Whether a payload carries this mark. */
export function isMarked({ metadata }: Payload, name: string): boolean {
  return metadata?.[name] != null;
}

/** The payload with this mark. */
export function marked(payload: Payload, name: string): Payload {
  return { ...payload, metadata: { ...payload.metadata, [name]: PRESENT } };
}
