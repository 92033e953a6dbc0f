/**
 * A query waited too long: for its answer, or for a free connection, for which the driver queues
 * without limit.
 */
export class PoolTimeoutError extends Error {
  override readonly name = 'PoolTimeoutError';
  readonly code = 'POOL_TIMEOUT';
}

/**
 * The answer of a query, if it comes within `timeoutMs`. The server's own limits end nothing while
 * the network is gone.
 *
 * @throws PoolTimeoutError, or whatever the query throws
 */
export async function within<T>(timeoutMs: number, query: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new PoolTimeoutError('query timed out'));
    }, timeoutMs);
  });
  try {
    return await Promise.race([query, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
