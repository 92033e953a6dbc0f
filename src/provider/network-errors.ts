/** The code of a proxy's hanging up before it opened a tunnel; ours, as undici has none. */
export const PROXY_HUNG_UP = 'PROXY_HUNG_UP';

/** Errors of Node's `fetch` that come before anything can be written, by code. */
const BEFORE_WRITING = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  PROXY_HUNG_UP,
]);

/** The same, by the system call that failed. */
const CONNECTING_CALLS = new Set(['connect', 'getaddrinfo']);

/**
 * What Node's `fetch` says of ports that the Fetch standard blocks ("Port blocking"); it has no
 * code.
 */
const BLOCKED_PORT = 'bad port';

/**
 * What undici says of a proxy that answers CONNECT with anything but 200; its code is the same for
 * every aborted request.
 */
const NO_TUNNEL = /^Proxy response \((\d{3})\) !== 200 when HTTP Tunneling$/;

/**
 * Whether an error alone proves that no byte of the request was written: for a Node that does not
 * report its requests. In doubt false.
 */
export function failsBeforeWriting(error: unknown): boolean {
  if (error instanceof Error && error.cause instanceof Error && error.cause.message === BLOCKED_PORT)
    return true;
  if (refusedTunnel(error) !== undefined) return true;
  const causes = leavesOf(error);
  return (
    causes.length > 0 &&
    causes.every(
      ({ code, syscall }) =>
        (code !== undefined && BEFORE_WRITING.has(code)) ||
        (syscall !== undefined && CONNECTING_CALLS.has(syscall)),
    )
  );
}

/** A network error in a few words: its code, never its message, which may quote an address. */
export function describeNetworkError(error: unknown): string {
  const status = refusedTunnel(error);
  if (status !== undefined) return `the proxy refused the connection: HTTP ${status}`;
  const code = leavesOf(error).find((leaf) => leaf.code !== undefined)?.code;
  return code === undefined ? 'the connection failed' : `the connection failed: ${code}`;
}

/** The status with which a proxy refused to open a tunnel. */
function refusedTunnel(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  return NO_TUNNEL.exec(error.message)?.[1] ?? refusedTunnel(error.cause, depth + 1);
}

interface Leaf {
  readonly code: string | undefined;
  readonly syscall: string | undefined;
}

/**
 * `fetch` wraps what happened as a cause, and the errors of several addresses in an AggregateError.
 */
function leavesOf(error: unknown, depth = 0): Leaf[] {
  if (!(error instanceof Error) || depth > 4) return [];
  if (error instanceof AggregateError) return error.errors.flatMap((inner) => leavesOf(inner, depth + 1));
  const code = readWord(error, 'code');
  if (code === undefined && error.cause !== undefined) return leavesOf(error.cause, depth + 1);
  return [{ code, syscall: readWord(error, 'syscall') }];
}

function readWord(error: Error, field: 'code' | 'syscall'): string | undefined {
  const value = (error as unknown as Record<string, unknown>)[field];
  return typeof value === 'string' && /^[A-Za-z0-9_]{1,60}$/.test(value) ? value : undefined;
}
