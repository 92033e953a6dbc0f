import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { DRIVER_OPTIONS } from './driver-options.js';
import { createPacedSocket } from './paced-socket.js';

/** How long the database may take, in milliseconds each. */
export interface DatabaseTimeouts {
  /** To open a connection. */
  readonly connectMs: number;
  /** For one statement, counted by the server. */
  readonly statementMs: number;
  /** Until a connection that nobody uses is closed. */
  readonly idleMs: number;
  /** For a query in all, with its wait for a free connection. */
  readonly queryMs: number;
}

/** A local activity has 2 s for a try: whatever hangs must end before. */
export const DATABASE_TIMEOUTS: DatabaseTimeouts = {
  connectMs: 1_500,
  statementMs: 1_500,
  idleMs: 30_000,
  queryMs: 1_900,
};

/** A pool of connections to the web app's database. */
export interface Database {
  /**
   * Runs a query, with a limit for all of it.
   *
   * @throws whatever the driver throws, or an error with code POOL_TIMEOUT
   */
  query<T>(run: (orm: PostgresJsDatabase) => PromiseLike<T>): Promise<T>;
  /** Closes the pool; queries in flight get a moment to finish. */
  readonly close: () => Promise<void>;
}

/** How long a pool that is closed waits for its queries, in seconds. */
const CLOSE_TIMEOUT_S = 2;

/**
 * Opens a pool lazily: nothing is connected before the first query, so a worker starts while PostgreSQL is down.
 * Sessions are read-only, whatever the role could do.
 *
 * A pool in which a query timed out is replaced: the driver would go on trying for that query, long after its answer matters.
 */
export function openDatabase(options: {
  url: string;
  /** How many connections at most. */
  maxConnections?: number;
  timeouts?: Partial<DatabaseTimeouts>;
}): Database {
  const timeouts = { ...DATABASE_TIMEOUTS, ...options.timeouts };
  const openPool = () => postgres(options.url, poolOptions(timeouts, options.maxConnections ?? 10));
  let pool = openPool();
  return {
    async query(run) {
      const used = pool;
      try {
        return await within(timeouts.queryMs, run(drizzle(used)));
      } catch (error) {
        if (error instanceof PoolTimeoutError && used === pool) {
          pool = openPool();
          void used.end({ timeout: CLOSE_TIMEOUT_S }).catch(() => undefined);
        }
        throw error;
      }
    },
    close: () => pool.end({ timeout: CLOSE_TIMEOUT_S }),
  };
}

function poolOptions(timeouts: DatabaseTimeouts, max: number) {
  return {
    ...DRIVER_OPTIONS,
    max,
    connect_timeout: timeouts.connectMs / 1000,
    socket: createPacedSocket(timeouts.connectMs),
    idle_timeout: timeouts.idleMs / 1000,
    max_lifetime: 30 * 60,
    // The driver would wait longer from one failed connection to the next; here the retry policies decide.
    backoff: false,
    // A pooler in transaction mode (PgBouncer) knows no prepared statements; ours is one primary-key lookup.
    prepare: false,
    connection: {
      application_name: 'durable-sms',
      statement_timeout: timeouts.statementMs,
      default_transaction_read_only: true,
    },
  } as const;
}

/** A query waited too long: for its answer, or for a free connection, for which the driver queues without limit. */
class PoolTimeoutError extends Error {
  override readonly name = 'PoolTimeoutError';
  readonly code = 'POOL_TIMEOUT';
}

async function within<T>(timeoutMs: number, query: PromiseLike<T>): Promise<T> {
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
