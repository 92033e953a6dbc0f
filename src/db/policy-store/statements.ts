import { SmsError } from '../../domain/errors.js';
import type { DatabaseAddress } from '../address/read-address.js';
import { codeOf, translateDatabaseError } from '../database-errors.js';
import { toLiteral } from '../literal.js';
import { openPool, type Parameter } from '../pool.js';
import { createPoolRunner } from '../pool-runner.js';

/** Runs the statements about the schema `durable_sms`. */
export interface Statements {
  /**
   * Runs one statement, a transaction of its own, and answers its rows. Numbers and texts are
   * parameters, never part of the text.
   *
   * @throws SmsError DATABASE_UNAVAILABLE, VALIDATION_FAILED
   */
  run<Row extends object>(text: string, parameters: readonly Parameter[]): Promise<readonly Row[]>;
  /**
   * Which of these accounts do not exist; undefined if the role may not look.
   *
   * @param accountIds UUIDs
   * @throws SmsError DATABASE_UNAVAILABLE
   */
  findMissingAccounts(accountIds: readonly string[]): Promise<readonly string[] | undefined>;
  readonly close: () => Promise<void>;
}

/** How the database is reached. */
export interface StatementsOptions {
  readonly address: DatabaseAddress;
  /** How many connections at most. */
  readonly maxConnections: number;
  /** How long a statement may take in all, in milliseconds. */
  readonly queryMs: number;
  readonly applicationName: string;
}

const IDLE_MS = 30_000;

/** SQLSTATE: no right to read the table; no such table. */
const CANNOT_LOOK = ['42501', '42P01'];

/** What a person does about an answer of PostgreSQL, by SQLSTATE. */
const REFUSALS: Readonly<Record<string, string>> = {
  '42P01':
    'The schema durable_sms is missing in this database: run npx durable-sms setup, or check DATABASE_URL (42P01).',
  '3F000':
    'The schema durable_sms is missing in this database: run npx durable-sms setup, or check DATABASE_URL (3F000).',
  '42703': 'The schema durable_sms is older than this version: run npx durable-sms setup (42703).',
  '42501':
    'The role may not do this in the schema durable_sms: use a DATABASE_URL whose role may. docs/policies.md lists the grants (42501).',
  '25006':
    'The server takes no writes, or the role is read-only, as the worker’s is: use a DATABASE_URL of the primary server whose role may write (25006).',
};

/** Opens connections lazily. */
export function openStatements({ address, queryMs, ...options }: StatementsOptions): Statements {
  const open = () =>
    openPool(address, {
      max: options.maxConnections,
      connectMs: queryMs,
      idleMs: IDLE_MS,
      applicationName: options.applicationName,
      settings: [`SET LOCAL statement_timeout = ${queryMs}`],
    });
  const runner = createPoolRunner(open, { queryMs });
  return {
    async run<Row extends object>(text: string, parameters: readonly Parameter[]) {
      try {
        return (await runner.run((pool) => pool.query(text, parameters))) as unknown as readonly Row[];
      } catch (error) {
        throw translateError(error);
      }
    },
    async findMissingAccounts(accountIds) {
      if (accountIds.length === 0) return [];
      const ids = accountIds.map(toLiteral).join(', ');
      try {
        const rows = await runner.run((pool) =>
          pool.run(`SELECT id::text AS id FROM accounts WHERE id IN (${ids})`),
        );
        const found = new Set(rows.map((row) => String(row['id']).toLowerCase()));
        return accountIds.filter((id) => !found.has(id));
      } catch (error) {
        if (CANNOT_LOOK.includes(codeOf(error) ?? '')) return undefined;
        throw translateDatabaseError(error);
      }
    },
    close: runner.close,
  };
}

function translateError(error: unknown): SmsError {
  const code = codeOf(error) ?? '';
  // Values are checked before: two changes at once came to something that neither of them wanted.
  if (code.startsWith('23')) {
    return new SmsError('VALIDATION_FAILED', {
      message: `Another change was made at the same time, and the two do not go together: try again (${code}).`,
    });
  }
  const message = REFUSALS[code];
  return message === undefined
    ? translateDatabaseError(error)
    : new SmsError('DATABASE_UNAVAILABLE', { message });
}
