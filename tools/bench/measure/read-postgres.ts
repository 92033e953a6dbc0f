import postgres from 'postgres';
import { DRIVER_OPTIONS } from '../../../src/db/driver-options.js';
import { DATABASES } from '../../servers/production-temporal/server-config.js';
import type { EmbeddedPostgres } from '../../servers/embedded-postgres.js';

/** What Temporal has made its PostgreSQL do so far. */
export interface PostgresUsage {
  /** The size of both databases, in bytes. */
  readonly diskBytes: number;
  /** Write-ahead log written since the server was set up, in bytes. */
  readonly walBytes: number;
  /** Transactions that ended; most of them only read. */
  readonly commits: number;
}

/**
 * Reads it from PostgreSQL's own counters (`pg_database_size`, `pg_current_wal_lsn`,
 * `pg_stat_database`).
 */
export async function readPostgresUsage({ url }: Pick<EmbeddedPostgres, 'url'>): Promise<PostgresUsage> {
  const sql = postgres(url('postgres'), { ...DRIVER_OPTIONS, max: 1 });
  const { main, visibility } = DATABASES;
  try {
    const [row] = await sql<{ disk: string; wal: string; commits: string }[]>`
      SELECT (pg_database_size(${main}) + pg_database_size(${visibility}))::text AS disk,
             pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text AS wal,
             (SELECT sum(xact_commit)::text FROM pg_stat_database WHERE datname IN (${main}, ${visibility})) AS commits`;
    return {
      diskBytes: Number(row?.disk),
      walBytes: Number(row?.wal),
      commits: Number(row?.commits),
    };
  } finally {
    await sql.end();
  }
}

/** What was used between two readings, for each of this many sends. */
export function usagePerSend(before: PostgresUsage, after: PostgresUsage, sends: number): PostgresUsage {
  const per = (name: keyof PostgresUsage) => (after[name] - before[name]) / sends;
  return { diskBytes: per('diskBytes'), walBytes: per('walBytes'), commits: per('commits') };
}
