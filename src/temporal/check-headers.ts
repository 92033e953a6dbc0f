import type { ConnectionOptions } from '@temporalio/client';
import { SmsError } from '../domain/errors.js';

/**
 * What a gRPC header may hold (gRPC over HTTP/2, "Custom-Metadata"); the library's own error would
 * quote the value.
 */
const HEADER_VALUE = /^[\x20-\x7e]*$/;
const HEADER_NAME = /^[:0-9a-z_.-]+$/;

const ADVICE = 'contains a character that a header cannot carry, such as a line break: check its end.';

/** Whether a text can be sent as a header. */
function isHeaderValue(text: string): boolean {
  return HEADER_VALUE.test(text);
}

/**
 * Checks what is sent as headers with each request: API key, metadata, namespace.
 *
 * @throws RangeError that names the option, and quotes no value
 */
export function checkHeaders({ apiKey, metadata = {} }: ConnectionOptions, namespace: string): void {
  if (typeof apiKey === 'string' && !isHeaderValue(apiKey))
    throw new RangeError(`connection.apiKey ${ADVICE}`);
  if (!isHeaderValue(namespace)) throw new RangeError(`namespace ${ADVICE}`);
  for (const [name, value] of Object.entries(metadata)) {
    const lower = name.toLowerCase();
    const isFine =
      HEADER_NAME.test(lower) &&
      (lower.endsWith('-bin')
        ? typeof value !== 'string'
        : typeof value === 'string' && isHeaderValue(value));
    if (!isFine) throw new RangeError(`connection.metadata: the name or value of an entry ${ADVICE}`);
  }
}

/**
 * An API key that comes from a function, checked each time; what the function throws may quote it.
 */
export function safeApiKey({ apiKey }: ConnectionOptions): Pick<ConnectionOptions, 'apiKey'> {
  if (typeof apiKey !== 'function') return {};
  return {
    apiKey() {
      const key = callSafely(apiKey);
      if (typeof key === 'string' && isHeaderValue(key)) return key;
      throw new SmsError('TEMPORAL_REFUSED', {
        message: `Temporal was not called: the key that connection.apiKey returned ${ADVICE}`,
      });
    },
  };
}

function callSafely(apiKey: () => unknown): unknown {
  try {
    return apiKey();
  } catch {
    throw new SmsError('TEMPORAL_REFUSED', {
      message: 'Temporal was not called: the function connection.apiKey failed.',
    });
  }
}
