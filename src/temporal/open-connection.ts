import { Connection, type ConnectionOptions } from '@temporalio/client';
import { createCallLimits } from './call-limits.js';
import { checkHeaders, safeApiKey } from './check-headers.js';

/** A connection to Temporal whose calls all end. */
export interface LimitedConnection {
  readonly connection: Connection;
  /** Ends the calls that are under way as CANCELLED, and closes it. */
  readonly close: () => Promise<void>;
}

/**
 * Makes a connection that connects at its first call.
 *
 * @param callTimeoutMs for each request, further tries included
 * @throws RangeError that says which option is wrong, and quotes nothing
 */
export function openConnection(
  options: ConnectionOptions,
  { callTimeoutMs, namespace }: { readonly callTimeoutMs?: number | undefined; readonly namespace: string },
): LimitedConnection {
  checkHeaders(options, namespace);
  const limits = createCallLimits({ callTimeoutMs, own: options.interceptors });
  const connection = connectLazily({
    ...options,
    ...safeApiKey(options),
    interceptors: limits.interceptors,
  });
  return {
    connection,
    close() {
      limits.end();
      return connection.close();
    },
  };
}

/**
 * What the SDK says of options that it cannot use quotes them: an address with a password, parts of
 * a key.
 */
function connectLazily(options: ConnectionOptions): Connection {
  try {
    return Connection.lazy(options);
  } catch {
    throw new RangeError(
      'connection is not valid: address must be host:port, and the certificate and key of tls must be PEM.',
    );
  }
}
