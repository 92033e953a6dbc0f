import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';

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
  readonly orm: PostgresJsDatabase;
  readonly timeouts: DatabaseTimeouts;
  /** Closes the pool; queries in flight get a moment to finish. */
  close(): Promise<void>;
}

/**
 * Opens a pool lazily: nothing is connected before the first query, so a worker starts while PostgreSQL is down.
 * Sessions are read-only, whatever the role could do.
 */
export function openDatabase(options: {
  url: string;
  /** How many connections at most. */
  maxConnections?: number;
  timeouts?: Partial<DatabaseTimeouts>;
}): Database {
  const timeouts = { ...DATABASE_TIMEOUTS, ...options.timeouts };
  const sql = postgres(options.url, {
    max: options.maxConnections ?? 10,
    connect_timeout: timeouts.connectMs / 1000,
    idle_timeout: timeouts.idleMs / 1000,
    max_lifetime: 30 * 60,
    // The driver would wait longer from one failed connection to the next; here the retry policies decide.
    backoff: false,
    // A pooler in transaction mode (PgBouncer) knows no prepared statements; ours is one primary-key lookup.
    prepare: false,
    onnotice: () => undefined,
    connection: {
      application_name: 'durable-sms',
      statement_timeout: timeouts.statementMs,
      default_transaction_read_only: true,
    },
  });
  return { orm: drizzle(sql), timeouts, close: () => sql.end({ timeout: 5 }) };
}
