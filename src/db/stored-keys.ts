import { sql, type SQL } from 'drizzle-orm';
import postgres from 'postgres';
import { onPrimary } from './address/on-primary.js';
import { readAddress } from './address/read-address.js';
import { translateDatabaseError } from './database-errors.js';
import { openPool } from './pool.js';
import { toSqlText } from './sql-text.js';
import { within } from './within.js';
import { translateWriteError } from './write-errors.js';

/** An account that has a key, with what is stored of it. */
export interface StoredKey {
  readonly accountId: string;
  /** As in `accounts.sms_api_key`. */
  readonly stored: string;
}

/**
 * The result of an update: done, the row holds something else by now, or another transaction kept
 * it locked.
 */
export type Replacement = 'replaced' | 'differs' | 'locked';

/** The stored keys of all accounts. Every method throws SmsError DATABASE_UNAVAILABLE. */
export interface StoredKeys {
  /** How many accounts have a key. */
  count(): Promise<number>;
  /** The next accounts that have a key, in the order of their ids. */
  list(page: { after: string | undefined; limit: number }): Promise<readonly StoredKey[]>;
  /** What is stored of an account now; undefined if it has no key, or is gone. */
  find(accountId: string): Promise<string | undefined>;
  /**
   * Puts `next` where `stored` is, and nowhere else: one statement, which locks one row for as long
   * as it runs.
   */
  replace(change: StoredKey & { next: string }): Promise<Replacement>;
  readonly close: () => Promise<void>;
}

/** How many statements may be under way at once, each on a connection of its own. */
export const STORED_KEYS_CONNECTIONS = 4;

/** Counting and listing read a table of any size; in milliseconds. */
const STATEMENT_TIMEOUT_MS = 60_000;

const CONNECT_MS = 10_000;

/** For a query in all: to connect, to run, and to hear of it, in milliseconds. */
const ANSWER_MS = STATEMENT_TIMEOUT_MS + 2 * CONNECT_MS;

/**
 * SQLSTATE lock_not_available, serialization_failure, deadlock_detected: another transaction was
 * there first.
 */
const LOCKED = ['55P03', '40001', '40P01'];

/**
 * Opens the stored keys.
 *
 * @param options.databaseUrl of a role that may read `accounts`, and update it unless `readOnly`
 * @param options.lockTimeoutMs how long an update waits for another transaction's lock; default
 *   2,000
 */
export function openStoredKeys(options: {
  databaseUrl: string;
  readOnly: boolean;
  lockTimeoutMs?: number;
  /** How long a query may take in all, in milliseconds. @default 80,000 */
  answerMs?: number;
}): StoredKeys {
  const address = readAddress(options.databaseUrl);
  const pool = openPool(options.readOnly ? address : onPrimary(address), {
    max: STORED_KEYS_CONNECTIONS,
    connectMs: CONNECT_MS,
    applicationName: 'durable-sms-cli',
    settings: [
      // An update that had to wait looks at the row as it is then, whatever the role's own default
      // is.
      'SET TRANSACTION ISOLATION LEVEL READ COMMITTED',
      // Never READ WRITE: a role that is read-only by default is so on purpose.
      ...(options.readOnly ? ['SET TRANSACTION READ ONLY'] : []),
      `SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`,
      `SET LOCAL lock_timeout = ${options.lockTimeoutMs ?? 2_000}`,
    ],
  });
  const run = (query: SQL) => within(options.answerMs ?? ANSWER_MS, pool.run(toSqlText(query)));
  return {
    count: () =>
      reading(async () => {
        const [row] = await run(sql`SELECT count(*) AS count FROM accounts WHERE sms_api_key <> ''`);
        return Number(row?.['count']);
      }),
    list: ({ after, limit }) =>
      reading(async () => {
        const beyond = after === undefined ? sql`` : sql`AND id > ${after}`;
        const rows = await run(sql`
          SELECT id, sms_api_key FROM accounts WHERE sms_api_key <> '' ${beyond} ORDER BY id LIMIT ${limit}`);
        return rows.map((row) => ({ accountId: String(row['id']), stored: String(row['sms_api_key']) }));
      }),
    find: (accountId) =>
      reading(async () => {
        const [row] = await run(sql`
          SELECT sms_api_key FROM accounts WHERE sms_api_key <> '' AND id = ${accountId}`);
        return row === undefined ? undefined : String(row['sms_api_key']);
      }),
    async replace({ accountId, stored, next }) {
      try {
        const rows = await run(sql`
          UPDATE accounts SET sms_api_key = ${next} WHERE id = ${accountId} AND sms_api_key = ${stored}
          RETURNING 1`);
        return rows.length > 0 ? 'replaced' : 'differs';
      } catch (error) {
        if (error instanceof postgres.PostgresError && LOCKED.includes(error.code)) return 'locked';
        throw translateWriteError(error);
      }
    },
    close: () => pool.close(5),
  };
}

async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw translateDatabaseError(error);
  }
}
