import { setTimeout as wait } from 'node:timers/promises';
import type { MigrationMeta } from 'drizzle-orm/migrator';
import { PgDialect, type PgSession } from 'drizzle-orm/pg-core';
import { sql, type SQL, type SQLWrapper } from 'drizzle-orm';
import { SmsError } from '../../domain/errors.js';
import { onPrimary } from '../address/on-primary.js';
import { readAddress } from '../address/read-address.js';
import { codeOf, translateDatabaseError } from '../database-errors.js';
import { openPool, type Pool } from '../pool.js';
import { toSqlText } from '../sql-text.js';
import { JOURNAL, newestOf, readMigrations } from './migrations.js';

/** What a set-up did. */
export interface SchemaSetUp {
  /** How many migrations were applied. */
  readonly applied: number;
  /** The role that was given what a worker needs. */
  readonly grantedTo: string | undefined;
}

/**
 * Two set-ups met: serialization failure, unique violation, and the schema, table or type that
 * exists by now.
 */
const LOST_A_RACE = ['40001', '23505', '42P06', '42P07', '42710'];

const MAX_TRIES = 20;

/** How long one statement, and one wait for another set-up, may take, in milliseconds. */
const STATEMENT_TIMEOUT_MS = 120_000;

/**
 * What a worker does with each table. Messages are never deleted but by `durable-sms forget`, which
 * runs with another role.
 */
const GRANTS = {
  'SELECT, INSERT': ['opt_outs', 'outreach', 'phones', 'inbound_messages', 'inboxes', 'unmatched_opt_outs'],
  UPDATE: ['opt_outs', 'outreach', 'phones', 'inbound_messages', 'inboxes'],
  SELECT: ['sending_policies', 'migrations'],
} as const;

/**
 * Makes the schema `durable_sms`, or brings it up to date: drizzle-orm's migrator, each step of it
 * one transaction, so that it works with any pooler, beside other set-ups, and beside an
 * application that migrates with drizzle itself.
 *
 * @param options.databaseUrl of a role that may create a schema
 * @param options.grantTo the worker's role
 * @param options.migrations all that there are, oldest first; default: all that this build has
 * @param options.waitMs how long to wait for a database that does not answer; default 0
 * @param options.onWait called once, with the reason, when it starts to wait
 * @throws SmsError DATABASE_UNAVAILABLE
 */
export async function setUpSchema(options: {
  databaseUrl: string;
  grantTo?: string | undefined;
  waitMs?: number;
  onWait?: (reason: SmsError) => void;
  migrations?: readonly MigrationMeta[];
}): Promise<SchemaSetUp> {
  const { migrations = readMigrations() } = options;
  const pool = openPool(onPrimary(readAddress(options.databaseUrl)), {
    max: 1,
    connectMs: 10_000,
    applicationName: 'durable-sms-cli',
    settings: [
      `SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`,
      `SET LOCAL lock_timeout = ${STATEMENT_TIMEOUT_MS}`,
    ],
  });
  try {
    await untilItAnswers(pool, options);
    // A role that may not create a schema may find that there is nothing to create.
    const applied = (await isCurrent(pool, migrations)) ? 0 : await migrateOrTryAgain(pool, migrations);
    if (options.grantTo !== undefined) await grant(pool, options.grantTo);
    return { applied, grantedTo: options.grantTo };
  } catch (error) {
    throw translateSetUpError(error);
  } finally {
    await pool.close(5);
  }
}

/** SQLSTATE cannot_connect_now, and what the network says of a server that is not there yet. */
const NOT_YET = /^(57P03|ECONN|ENOTFOUND$|EAI_AGAIN$|EHOSTUNREACH$|CONNECT|TLS_UNCLEAR$)/;

async function untilItAnswers(
  pool: Pool,
  { waitMs = 0, onWait }: { waitMs?: number; onWait?: (reason: SmsError) => void },
): Promise<void> {
  const untilMs = Date.now() + waitMs;
  for (let tries = 1; ; tries++) {
    try {
      await pool.run('SELECT 1');
      return;
    } catch (error) {
      if (!NOT_YET.test(codeOf(error) ?? '') || Date.now() >= untilMs) throw error;
      if (tries === 1) onWait?.(translateDatabaseError(error));
      await wait(1_000);
    }
  }
}

/**
 * Whether the journal holds the newest migration; false where there is none.
 *
 * @throws SmsError DATABASE_UNAVAILABLE if the role may not read it
 */
async function isCurrent(pool: Pool, migrations: readonly MigrationMeta[]): Promise<boolean> {
  try {
    const [row] = await pool.run('SELECT max(created_at) AS newest FROM durable_sms.migrations');
    return Number(row?.['newest'] ?? 0) >= newestOf(migrations);
  } catch (error) {
    // Only of a schema that is there; to create it is not what the role lacks.
    if (codeOf(error) === '42501') throw new SmsError('DATABASE_UNAVAILABLE', { message: NOT_GRANTED });
    return false;
  }
}

async function migrateOrTryAgain(pool: Pool, migrations: readonly MigrationMeta[]): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      return await migrate(pool, migrations);
    } catch (error) {
      const lost = LOST_A_RACE.includes(codeOf(error) ?? '');
      if (!lost || tries === MAX_TRIES) throw error;
    }
  }
}

/** One pass of the migrator; it throws with SQLSTATE 40001 if another set-up was faster. */
async function migrate(pool: Pool, migrations: readonly MigrationMeta[]): Promise<number> {
  let newestMs = 0;
  let applied = 0;
  const run = (query: SQLWrapper) => pool.run(`${toSqlText(query)}; SELECT 1`);
  const session = {
    execute: run,
    async all(query: SQL) {
      const rows = await pool.run(toSqlText(query));
      newestMs = Number(rows[0]?.['created_at'] ?? 0);
      return rows;
    },
    /** What the migrator does in its transaction is one message, which is one transaction. */
    async transaction(work: (transaction: { execute(query: SQL): Promise<void> }) => Promise<void>) {
      const statements: string[] = [];
      await work({
        execute(query) {
          statements.push(toSqlText(query));
          return Promise.resolve();
        },
      });
      if (statements.length === 0) return;
      applied = migrations.filter(({ folderMillis }) => folderMillis > newestMs).length;
      await pool.run([...underLock(newestMs), ...statements, 'SELECT 1'].join(';\n'));
    },
  };
  const config = { migrationsFolder: '', migrationsSchema: JOURNAL.schema, migrationsTable: JOURNAL.table };
  await new PgDialect().migrate([...migrations], session as unknown as PgSession, config);
  return applied;
}

/** One set-up at a time, until its transaction ends. */
const LOCK = `SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('durable_sms.migrations'))`;

/** From here on this set-up is alone, and the journal is as it was read; else SQLSTATE 40001. */
function underLock(newestMs: number): string[] {
  return [
    LOCK,
    `DO $check$ BEGIN
      IF (SELECT coalesce(max(created_at), 0) FROM durable_sms.migrations) <> ${newestMs} THEN
        RAISE EXCEPTION 'another set-up was faster' USING ERRCODE = '40001';
      END IF;
    END $check$`,
  ];
}

async function grant(pool: Pool, role: string): Promise<void> {
  const name = toSqlText(sql`${sql.identifier(role)}`);
  const statements = Object.entries(GRANTS).map(([rights, tables]) => {
    const names = tables.map((table) => `${JOURNAL.schema}.${table}`).join(', ');
    return `GRANT ${rights} ON ${names} TO ${name}`;
  });
  // Two grants of the same at once would fail: "tuple concurrently updated".
  const usage = `GRANT USAGE ON SCHEMA ${JOURNAL.schema} TO ${name}`;
  await pool.run([LOCK, usage, ...statements, 'SELECT 1'].join('; '));
  if (!(await isGranted(pool, role))) throw new SmsError('DATABASE_UNAVAILABLE', { message: CANNOT_GRANT });
}

/**
 * To grant without the right to is a mere warning of PostgreSQL for a role that has some rights.
 */
async function isGranted(pool: Pool, role: string): Promise<boolean> {
  const checks = Object.entries(GRANTS).flatMap(([rights, tables]) =>
    rights
      .split(', ')
      .flatMap((right) =>
        tables.map(
          (table) => sql`pg_catalog.has_table_privilege(${role}, ${`${JOURNAL.schema}.${table}`}, ${right})`,
        ),
      ),
  );
  const usage = sql`pg_catalog.has_schema_privilege(${role}, ${JOURNAL.schema}, 'USAGE')`;
  const [row] = await pool.run(toSqlText(sql`SELECT ${sql.join([usage, ...checks], sql` AND `)} AS granted`));
  return row?.['granted'] === true;
}

const NOT_GRANTED =
  'The schema durable_sms is there, but the role may not use it: run setup --grant ROLE with the DATABASE_URL of its owner (42501).';

const CANNOT_GRANT =
  'The role may not grant rights in the schema durable_sms: run setup with the DATABASE_URL of its owner.';

const REFUSALS: Readonly<Record<string, string>> = {
  '42501':
    'The role may not create the schema durable_sms, or change it: run setup with a DATABASE_URL whose role may (42501).',
  '25006':
    'The server takes no writes, or the role is read-only, as the worker’s is: run setup with a DATABASE_URL of the primary server whose role may create a schema (25006).',
  '42704': 'The role to grant to does not exist: create it first (42704).',
};

function translateSetUpError(error: unknown): SmsError {
  if (error instanceof SmsError) return error;
  const message = REFUSALS[codeOf(error) ?? ''];
  return message === undefined
    ? translateDatabaseError(error)
    : new SmsError('DATABASE_UNAVAILABLE', { message });
}
