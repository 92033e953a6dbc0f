import { defaultPayloadConverter, RawValue, type Payload, type PayloadConverter } from '@temporalio/common';
import { CLEAR, marked } from './payload-metadata.js';

const clearConverter: PayloadConverter = {
  toPayload: (value) => marked(defaultPayloadConverter.toPayload(value), CLEAR),
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  fromPayload: <T>(payload: Payload): T => defaultPayloadConverter.fromPayload<T>(payload),
};

/** A memo that stays readable in the Web UI though everything else is encrypted: for ids only. */
export function plaintextMemo(ids: Readonly<Record<string, string | undefined>>): Record<string, RawValue> {
  return Object.fromEntries(
    Object.entries(ids)
      .filter(([, id]) => id !== undefined)
      .map(([name, id]) => [name, new RawValue(id, clearConverter)]),
  );
}
