import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { ENCRYPTED_ENCODING, metadataText } from '../../src/encryption/payload-metadata.js';

/**
 * A copy of a message of Temporal's API in which every encrypted payload is decrypted, wherever it
 * is.
 */
export async function decodeAll<T>(client: Client, value: T): Promise<T> {
  const [codec] = client.options.loadedDataConverter.payloadCodecs;
  const decode = async (part: unknown): Promise<unknown> => {
    if (typeof part !== 'object' || part === null || part instanceof Uint8Array) return part;
    if (Array.isArray(part)) return await Promise.all(part.map(decode));
    if ('metadata' in part && metadataText(part as Payload, 'encoding') === ENCRYPTED_ENCODING) {
      return await decode((await codec?.decode([part as Payload]))?.[0]);
    }
    const fields = await Promise.all(
      Object.entries(part).map(async ([name, field]) => [name, await decode(field)] as const),
    );
    return Object.fromEntries(fields);
  };
  return (await decode(value)) as T;
}
