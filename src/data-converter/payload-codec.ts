import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { open, seal } from '../crypto/aes-256-gcm.js';
import type { PayloadKey } from '../crypto/payload-keys.js';
import { deriveKey } from '../crypto/secret-key.js';
import { PayloadDamaged, PayloadKeyUnknown } from '../domain/payload-error.js';
import {
  CAME_PLAIN,
  CLEAR,
  ENCRYPTED_ENCODING,
  isMarked,
  KEY_ID,
  marked,
  metadataText,
  unmarked,
} from './payload-metadata.js';

const INFO = 'durable-sms/payload/v1';
/** As NIST SP 800-38D recommends for GCM. */
const IV_BYTES = 12;

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/**
 * Encrypts what Temporal stores: AES-256-GCM, `iv 12 ‖ tag 16 ‖ ciphertext` of the whole payload, under a key derived from
 * a payload key; the metadata names the key by its id.
 *
 * - The first key encrypts, all decrypt; with no key at all, nothing is encrypted.
 * - What is marked as clear stays as it is: ids in the memo.
 * - What comes unencrypted is passed on, and marked as such (in memory only), so that a run can be refused for it.
 *
 * `decode` throws a PayloadError: in a workflow task that makes the run wait, not fail.
 */
export function createPayloadCodec(payloadKeys: readonly PayloadKey[]): PayloadCodec {
  const keys = new Map(payloadKeys.map(({ id, key }) => [id, deriveKey(key, INFO)]));
  const [first] = keys;

  function encrypt(payload: Payload): Payload {
    // The mark is not stored: the Temporal CLI would show such a memo in base64.
    if (isMarked(payload, CLEAR)) return unmarked(payload, CLEAR);
    if (first === undefined) return payload;
    const [id, key] = first;
    const plaintext = Buffer.from(PayloadMessage.encode(payload).finish());
    return {
      metadata: { encoding: Buffer.from(ENCRYPTED_ENCODING), [KEY_ID]: Buffer.from(id) },
      data: seal(plaintext, { key, ivBytes: IV_BYTES, aad: Buffer.from(id) }),
    };
  }

  function decrypt(payload: Payload): Payload {
    if (metadataText(payload, 'encoding') !== ENCRYPTED_ENCODING) return marked(payload, CAME_PLAIN);
    const id = metadataText(payload, KEY_ID);
    const key = keys.get(id);
    if (key === undefined) {
      throw new PayloadKeyUnknown(
        `A payload is encrypted under the key "${printable(id)}", which is not among SMS_PAYLOAD_KEYS here: add it.`,
      );
    }
    try {
      const sealed = Buffer.from(payload.data ?? []);
      return PayloadMessage.decode(open(sealed, { key, ivBytes: IV_BYTES, aad: Buffer.from(id) }));
    } catch {
      throw new PayloadDamaged(
        `A payload cannot be decrypted with the key "${id}": it was altered, or another key has this id here.`,
      );
    }
  }

  return {
    encode: (payloads) => Promise.resolve(payloads.map(encrypt)),
    // Not before the promise: what it throws must reject.
    decode: async (payloads) => await Promise.resolve(payloads.map(decrypt)),
  };
}

/** A key id comes from outside; ours are printable and short. */
function printable(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9._-]/g, '?').slice(0, 64);
}
