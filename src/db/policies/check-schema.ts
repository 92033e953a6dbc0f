import { sql } from 'drizzle-orm';
import { codeOf } from '../database-errors.js';
import type { Database } from '../database.js';
import { newestOf, readMigrations } from './migrations.js';

/** What a database says of the schema `durable_sms`. */
export type SchemaCheck =
  | 'current'
  /** Or newer: a worker of an older build works with it. */
  | 'missing'
  | 'older'
  /** The role may not read it. */
  | 'denied'
  /** The server takes no writes. */
  | 'standby'
  /** The database does not answer. */
  | 'unavailable';

/** SQLSTATE: undefined_table, invalid_schema_name. */
const MISSING = ['42P01', '3F000'];

/** Looks once whether the schema is there and is what this build needs. */
export async function checkSchema(database: Pick<Database, 'read'>): Promise<SchemaCheck> {
  try {
    const [row] = await database.read<{ newest: string | null; standby: boolean }>(sql`
      SELECT pg_catalog.pg_is_in_recovery() AS standby,
        (SELECT max(created_at) FROM durable_sms.migrations) AS newest`);
    if (row?.standby === true) return 'standby';
    const newestMs = Number(row?.newest ?? 0);
    if (newestMs === 0) return 'missing';
    return newestMs < newestOf(readMigrations()) ? 'older' : 'current';
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (MISSING.includes(code)) return 'missing';
    return code === '42501' ? 'denied' : 'unavailable';
  }
}
