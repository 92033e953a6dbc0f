import 'server-only';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from './schema';
import { setting } from './settings';

type Database = PostgresJsDatabase<typeof schema>;

const kept = globalThis as { database?: Database };

/** The connection pool: one for the process, also after a hot reload. */
export function database(): Database {
  return (kept.database ??= drizzle(postgres(setting('DATABASE_URL'), { max: 5 }), { schema }));
}
