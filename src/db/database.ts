import type { SQLWrapper } from 'drizzle-orm';
import { readAddress } from './address/read-address.js';
import { openPool, type Pool } from './pool.js';
import { toSqlText } from './sql-text.js';
import { PoolTimeoutError, within } from './within.js';

/** How long the database may take, in milliseconds each. */
export interface DatabaseTimeouts {
  /** To open a connection. */
  readonly connectMs: number;
  /** For one statement, counted by the server. */
  readonly statementMs: number;
  /** Until an idle connection is closed. */
  readonly idleMs: number;
  /** For a query in all, with its wait for a free connection. */
  readonly queryMs: number;
}

/** A local activity has 2 s for a try: a call that hangs must end before. */
export const DATABASE_TIMEOUTS: DatabaseTimeouts = {
  connectMs: 1_500,
  statementMs: 1_500,
  idleMs: 30_000,
  queryMs: 1_900,
};

/** A pool of connections to the web app's database. */
export interface Database {
  /**
   * Reads rows, with a limit for all of it; `Row` says how the query names its columns.
   *
   * @throws whatever the driver throws, or an error with code POOL_TIMEOUT
   */
  read<Row extends object>(query: SQLWrapper): Promise<readonly Row[]>;
  /**
   * Changes rows, in a transaction of its own; `RETURNING` says which.
   *
   * @throws whatever the driver throws, or an error with code POOL_TIMEOUT
   */
  write<Row extends object>(query: SQLWrapper): Promise<readonly Row[]>;
  /** Closes the pool; queries in flight get a moment to finish. */
  readonly close: () => Promise<void>;
}

/** How long a pool that is closed waits for its queries, in seconds. */
const CLOSE_TIMEOUT_S = 2;

/**
 * Opens a pool lazily: nothing is connected before the first query, so a worker starts while
 * PostgreSQL is down. Transactions are read-only, whatever the role could do; only
 * `write` changes rows.
 *
 * A pool in which a query timed out is replaced: the driver would go on trying for that query, long
 * after its answer matters.
 *
 * @throws AddressError
 */
export function openDatabase(options: {
  url: string;
  /** How many connections at most. */
  maxConnections?: number;
  timeouts?: Partial<DatabaseTimeouts>;
}): Database {
  const timeouts = { ...DATABASE_TIMEOUTS, ...options.timeouts };
  const address = readAddress(options.url);
  const settings = [`SET LOCAL statement_timeout = ${timeouts.statementMs}`] as const;
  const open = (mode: 'READ ONLY' | 'READ WRITE', max: number) =>
    openPool(address, {
      max,
      connectMs: timeouts.connectMs,
      idleMs: timeouts.idleMs,
      applicationName: 'durable-sms',
      settings: [...settings, `SET TRANSACTION ${mode}`],
    });
  const reading = createRunner(() => open('READ ONLY', options.maxConnections ?? 10), timeouts);
  const writing = createRunner(() => open('READ WRITE', MAX_WRITERS), timeouts);
  return {
    read: (query) => reading.run(query),
    write: (query) => writing.run(query),
    async close() {
      await Promise.all([reading.close(), writing.close()]);
    },
  };
}

/** How many connections write at once, at most. */
const MAX_WRITERS = 2;

/** Runs queries over a pool, and replaces it after one that timed out. */
function createRunner(open: () => Pool, { queryMs }: DatabaseTimeouts) {
  let pool: Pool = open();
  return {
    async run<Row extends object>(query: SQLWrapper): Promise<readonly Row[]> {
      const used = pool;
      try {
        const rows = await within(queryMs, used.run(toSqlText(query)));
        return rows as unknown as readonly Row[];
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
