import type { LoadedDataConverter, Payload } from '@temporalio/common';
import { decode } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { metadataText, ORIGIN } from '../encryption/payload-metadata.js';
import type { PayloadOrigin } from '../encryption/payload-origin.js';

/**
 * A value from a history, or that it cannot be read here: damaged, encrypted under a key that is
 * not at hand, or copied from the history of another workflow.
 */
export type Decoded =
  | {
      readonly kind: 'value';
      readonly value: unknown;
      /** Undefined where no codec of ours has read it. */
      readonly origin?: Exclude<PayloadOrigin, 'foreign'>;
    }
  | { readonly kind: 'unreadable' };

/**
 * Decodes the first of some payloads of a workflow; no payload at all is `undefined`. Never throws.
 */
export type DecodeFirst = (
  payloads: readonly Payload[] | null | undefined,
  workflowId: string,
) => Promise<Decoded>;

/**
 * Makes {@link DecodeFirst} for a data converter; what kept a payload from being read may quote it,
 * and is dropped.
 */
export function createDecodeFirst(converter: LoadedDataConverter, namespace = 'default'): DecodeFirst {
  return async (payloads, workflowId) => {
    const [payload] = payloads ?? [];
    if (payload === undefined) return { kind: 'value', value: undefined };
    const context = { type: 'workflow', namespace, workflowId } as const;
    try {
      const [decoded = payload] = await decode(converter.payloadCodecs, [payload], context);
      const origin = metadataText(decoded, ORIGIN) as PayloadOrigin | '';
      if (origin === 'foreign') return { kind: 'unreadable' };
      const value: unknown = converter.payloadConverter.fromPayload(decoded, context);
      // A converter of ours makes `undefined` of what it cannot read.
      if (value === undefined && !isNothing(decoded)) return { kind: 'unreadable' };
      return origin === '' ? { kind: 'value', value } : { kind: 'value', value, origin };
    } catch {
      return { kind: 'unreadable' };
    }
  };
}

/** The SDK's encoding of `undefined`. */
function isNothing({ metadata }: Payload): boolean {
  return Buffer.from(metadata?.['encoding'] ?? []).toString() === 'binary/null';
}
