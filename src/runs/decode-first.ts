import type { LoadedDataConverter, Payload } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';

/** A value from a history, or that it cannot be read here: damaged, or encrypted under a key that is not at hand. */
export type Decoded = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'unreadable' };

/** Decodes the first of some payloads; no payload at all is `undefined`. Never throws. */
export type DecodeFirst = (payloads: readonly Payload[] | null | undefined) => Promise<Decoded>;

/** Makes {@link DecodeFirst} for a data converter; what kept a payload from being read may quote it, and is dropped. */
export function createDecodeFirst(converter: LoadedDataConverter): DecodeFirst {
  return async (payloads) => {
    const [payload] = payloads ?? [];
    if (payload === undefined) return { kind: 'value', value: undefined };
    try {
      const [value] = await decodeArrayFromPayloads(converter, [payload]);
      // A converter of ours makes `undefined` of what it cannot read.
      return value === undefined && !isNothing(payload) ? { kind: 'unreadable' } : { kind: 'value', value };
    } catch {
      return { kind: 'unreadable' };
    }
  };
}

/** The SDK's encoding of `undefined`. */
function isNothing({ metadata }: Payload): boolean {
  return Buffer.from(metadata?.['encoding'] ?? []).toString() === 'binary/null';
}

/** The fields of a value, of which none is certain. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
