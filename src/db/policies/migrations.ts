import { fileURLToPath } from 'node:url';
import { readMigrationFiles, type MigrationMeta } from 'drizzle-orm/migrator';

/** The journal of the migrator, in the schema itself: an application's own is left alone. */
export const JOURNAL = { schema: 'durable_sms', table: 'migrations' } as const;

/** The migrations that this build brings, oldest first. */
export function readMigrations(): readonly MigrationMeta[] {
  return readMigrationFiles({ migrationsFolder: fileURLToPath(new URL('../migrations', import.meta.url)) });
}

/** What the newest of them is known by in the journal: when it was written, epoch milliseconds. */
export function newestOf(migrations: readonly MigrationMeta[]): number {
  return Math.max(...migrations.map(({ folderMillis }) => folderMillis));
}
