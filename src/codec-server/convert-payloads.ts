import { defaultPayloadConverter, type Payload, type PayloadCodec } from '@temporalio/common';
import { ENCRYPTED_ENCODING, metadataText } from '../encryption/payload-metadata.js';
import { PayloadError } from '../domain/payload-error.js';
import { writePayload, type ReceivedPayload } from './payload-json.js';

/** What comes out, in the order in which it came in. */
export interface ConvertedPayloads {
  readonly payloads: readonly object[];
  /** How many were decrypted or encrypted. */
  readonly converted: number;
  /** How many should have been and could not. */
  readonly left: number;
}

/** Decrypts each payload, or encrypts it. */
export type ConvertPayloads = (received: readonly ReceivedPayload[]) => Promise<ConvertedPayloads>;

/**
 * Decrypts. In the place of a payload that cannot be decrypted stands a sentence that says why, so
 * that the others can be read: Web UI and CLI send a run's payloads in many requests, and neither
 * of them shows the text of an HTTP error where the payload belongs. What came unencrypted goes
 * back as it came.
 */
export function createDecode(codec: PayloadCodec): ConvertPayloads {
  return convertEach(async ({ payload, json }) => {
    if (!isEncrypted(payload)) return { kind: 'same', json };
    try {
      return { kind: 'converted', json: writePayload(await only(codec.decode([payload]))) };
    } catch (error) {
      if (!(error instanceof PayloadError)) throw error;
      return { kind: 'left', json: writePayload(explain(error)) };
    }
  });
}

/** Encrypts; what is encrypted already stays, as no worker would decrypt it twice. */
export function createEncode(codec: PayloadCodec): ConvertPayloads {
  return convertEach(async ({ payload, json }) => {
    if (isEncrypted(payload)) return { kind: 'same', json };
    return { kind: 'converted', json: writePayload(await only(codec.encode([payload]))) };
  });
}

interface ConvertedPayload {
  readonly kind: 'converted' | 'same' | 'left';
  readonly json: object;
}

function convertEach(convert: (received: ReceivedPayload) => Promise<ConvertedPayload>): ConvertPayloads {
  return async (received) => {
    const results = await Promise.all(received.map(convert));
    const count = (kind: ConvertedPayload['kind']) => results.filter((result) => result.kind === kind).length;
    return {
      payloads: results.map(({ json }) => json),
      converted: count('converted'),
      left: count('left'),
    };
  };
}

function isEncrypted(payload: Payload): boolean {
  return metadataText(payload, 'encoding') === ENCRYPTED_ENCODING;
}

async function only(converting: Promise<Payload[]>): Promise<Payload> {
  const [payload] = await converting;
  if (payload === undefined) throw new TypeError('The codec returned nothing for a payload.');
  return payload;
}

/**
 * An object with a `message`, as Temporal's tools look for one where a failure's words belong; and
 * no metadata but the encoding, as the CLI (1.5.1) prints payloads with more in base64.
 */
function explain({ message }: PayloadError): Payload {
  return defaultPayloadConverter.toPayload({ message: `Not decrypted. ${message}` });
}
