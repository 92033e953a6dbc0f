import type { SQLWrapper } from 'drizzle-orm';
import { onPrimary } from './address/on-primary.js';
import { readAddress } from './address/read-address.js';
import { openPool } from './pool.js';
import { createPoolRunner } from './pool-runner.js';
import { toSqlText } from './sql-text.js';

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
  /**
   * Whether a standby will not do for reading either: it may not know yet what was just committed.
   * @default false
   */
  readsPrimary?: boolean;
  /** How many connections at most. */
  maxConnections?: number;
  timeouts?: Partial<DatabaseTimeouts>;
}): Database {
  const timeouts = { ...DATABASE_TIMEOUTS, ...options.timeouts };
  const address = readAddress(options.url);
  const settings = [`SET LOCAL statement_timeout = ${timeouts.statementMs}`] as const;
  const open = (mode: 'READ ONLY' | 'READ WRITE', max: number) =>
    openPool(mode === 'READ WRITE' || options.readsPrimary === true ? onPrimary(address) : address, {
      max,
      connectMs: timeouts.connectMs,
      idleMs: timeouts.idleMs,
      applicationName: 'durable-sms',
      settings: [...settings, `SET TRANSACTION ${mode}`],
    });
  const reading = createPoolRunner(() => open('READ ONLY', options.maxConnections ?? 10), timeouts);
  const writing = createPoolRunner(() => open('READ WRITE', MAX_WRITERS), timeouts);
  const rowsOf =
    (runner: typeof reading) =>
    async <Row extends object>(query: SQLWrapper) =>
      (await runner.run((pool) => pool.run(toSqlText(query)))) as unknown as readonly Row[];
  return {
    read: rowsOf(reading),
    write: rowsOf(writing),
    async close() {
      await Promise.all([reading.close(), writing.close()]);
    },
  };
}

/** How many connections write at once, at most. */
const MAX_WRITERS = 2;
