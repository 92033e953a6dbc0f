import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import proto from '@temporalio/proto';
import { open as unseal, seal } from './aes-256-gcm.js';
import type { PayloadKey } from './payload-keys.js';
import { deriveKey } from './secret-key.js';
import { PayloadDamaged, PayloadKeyUnknown } from '../domain/payload-error.js';
import {
  BOUND_TO,
  CLEAR,
  ENCRYPTED_ENCODING,
  isMarked,
  KEY_ID,
  metadataText,
  ORIGIN,
  unmarked,
  withMetadata,
} from './payload-metadata.js';
import type { PayloadOrigin } from './payload-origin.js';

const INFO = 'durable-sms/payload/v1';
/** As NIST SP 800-38D recommends for GCM. */
const IV_BYTES = 12;

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/**
 * Encrypts what Temporal stores: AES-256-GCM, `iv 12 ‖ tag 16 ‖ ciphertext` of the whole payload,
 * under a key derived from a payload key; the metadata names the key by its id.
 *
 * - The first key encrypts, all decrypt; with no key at all, nothing is encrypted.
 * - A payload that is marked as plaintext stays as it is: ids in the memo.
 * - An encrypted payload names, inside the encryption, the workflow id that it is for, if the SDK
 *   provides one.
 * - A decoded payload gets a mark of its origin (in memory only), so that a run can be refused for
 *   it.
 *
 * `decode` throws a PayloadError: in a workflow task that makes the run wait, not fail.
 */
export function createPayloadCodec(payloadKeys: readonly PayloadKey[]): PayloadCodec {
  const keys = new Map(payloadKeys.map(({ id, key }) => [id, deriveKey(key, INFO)]));
  const [first] = keys;

  function encrypt(payload: Payload, workflowId: string | undefined): Payload {
    // The mark is not stored: the Temporal CLI would show such a memo in base64.
    if (isMarked(payload, CLEAR)) return unmarked(payload, CLEAR);
    if (first === undefined) return payload;
    const [id, key] = first;
    const plaintext = Buffer.from(PayloadMessage.encode(bindTo(payload, workflowId)).finish());
    return {
      metadata: { encoding: Buffer.from(ENCRYPTED_ENCODING), [KEY_ID]: Buffer.from(id) },
      data: seal(plaintext, { key, ivBytes: IV_BYTES, aad: Buffer.from(id) }),
    };
  }

  function decrypt(payload: Payload, workflowId: string | undefined): Payload {
    if (metadataText(payload, 'encoding') !== ENCRYPTED_ENCODING) return withOrigin(payload, 'plain');
    const inner = open(payload);
    const boundTo = inner.metadata?.[BOUND_TO];
    const bare = unmarked(unmarked(inner, BOUND_TO), ORIGIN);
    if (workflowId === undefined) return bare;
    if (boundTo == null) return withOrigin(bare, 'unbound');
    return withOrigin(bare, Buffer.from(workflowId).equals(boundTo) ? 'bound' : 'foreign');
  }

  function open(payload: Payload): Payload {
    const id = metadataText(payload, KEY_ID);
    const key = keys.get(id);
    if (key === undefined) {
      throw new PayloadKeyUnknown(
        `A payload is encrypted with the key "${printable(id)}", which SMS_PAYLOAD_KEYS lacks here: add it.`,
      );
    }
    try {
      const sealed = Buffer.from(payload.data ?? []);
      const plaintext = unseal(sealed, { key, ivBytes: IV_BYTES, aad: Buffer.from(id) });
      // No spread: empty data is the prototype's, which no copy has.
      const { metadata, data } = PayloadMessage.decode(plaintext);
      return { metadata, data };
    } catch {
      throw new PayloadDamaged(
        `A payload cannot be decrypted with the key "${id}": it was altered, or this id belongs to another key here.`,
      );
    }
  }

  return {
    encode: (payloads, context) =>
      Promise.resolve(payloads.map((payload) => encrypt(payload, workflowIdOf(context)))),
    // Not before the promise: what it throws must reject.
    decode: async (payloads, context) =>
      await Promise.resolve(payloads.map((payload) => decrypt(payload, workflowIdOf(context)))),
  };
}

/** The workflow that a payload, or its activity, belongs to; unknown in the codec server. */
function workflowIdOf(context: SerializationContext | undefined): string | undefined {
  return context?.workflowId === '' ? undefined : context?.workflowId;
}

/**
 * Metadata that came in under this name is not a binding of ours: any caller that asks for
 * encryption could write it.
 */
function bindTo(payload: Payload, workflowId: string | undefined): Payload {
  return workflowId === undefined
    ? unmarked(payload, BOUND_TO)
    : withMetadata(payload, BOUND_TO, Buffer.from(workflowId));
}

function withOrigin(payload: Payload, origin: PayloadOrigin): Payload {
  return withMetadata(payload, ORIGIN, Buffer.from(origin));
}

/** A key id comes from outside; ours are printable and short. */
function printable(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9._-]/g, '?').slice(0, 64);
}
