import { HEX_KEY_FORM, isHexKey } from './secret-key.js';

/** A key that encrypts what Temporal stores, with the id that each payload names it by. */
export interface PayloadKey {
  /** 1 to 64 letters, digits or `.` `_` `-`. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** The form of SMS_PAYLOAD_KEYS, in words. */
export const PAYLOAD_KEYS_FORM = `id:key[,id:key…], each key ${HEX_KEY_FORM}`;

const KEY_ID = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * The keys in a text `id:64 hex[,id:64 hex…]`; the first encrypts, all decrypt.
 *
 * @throws RangeError that says which entry is malformed, and prints nothing of a key
 */
export function parsePayloadKeys(text: string): readonly [PayloadKey, ...PayloadKey[]] {
  const seen = new Set<string>();
  const keys = text.split(',').map((entry, index): PayloadKey => {
    const [id = '', hex = '', ...rest] = entry.trim().split(':');
    if (!KEY_ID.test(id) || !isHexKey(hex) || rest.length > 0) {
      throw new RangeError(`entry ${index + 1} is malformed; the form is ${PAYLOAD_KEYS_FORM}`);
    }
    if (seen.has(id)) throw new RangeError(`entry ${index + 1} repeats a key id; each key needs a unique id`);
    seen.add(id);
    return { id, key: Buffer.from(hex, 'hex') };
  });
  return keys as [PayloadKey, ...PayloadKey[]];
}
