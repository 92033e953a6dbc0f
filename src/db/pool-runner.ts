import type { Pool } from './pool.js';
import { PoolTimeoutError, within } from './within.js';

/** Runs queries over a pool that is replaced where it has to be. */
export interface PoolRunner {
  /** @throws whatever `query` throws, or an error with code POOL_TIMEOUT */
  run<T>(query: (pool: Pool) => Promise<T>): Promise<T>;
  /** Closes the pool; queries in flight get a moment to finish. */
  readonly close: () => Promise<void>;
}

/** How long a pool that is closed waits for its queries, in seconds. */
const CLOSE_TIMEOUT_S = 2;

/**
 * Runs queries over a pool, and replaces it after one that timed out: the driver would go on trying
 * for that query, long after its answer matters.
 *
 * @param limits.queryMs milliseconds for a query in all, with its wait for a free connection
 */
export function createPoolRunner(open: () => Pool, { queryMs }: { readonly queryMs: number }): PoolRunner {
  let pool: Pool = open();
  return {
    async run(query) {
      const used = pool;
      try {
        return await within(queryMs, query(used));
      } catch (error) {
        if (error instanceof PoolTimeoutError && used === pool) {
          pool = open();
          void used.close(CLOSE_TIMEOUT_S).catch(() => undefined);
        }
        throw error;
      }
    },
    close: () => pool.close(CLOSE_TIMEOUT_S),
  };
}
