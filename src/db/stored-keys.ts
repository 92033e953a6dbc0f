import postgres from 'postgres';
import { translateDatabaseError } from './database-errors.js';
import { DRIVER_OPTIONS } from './driver-options.js';
import { translateWriteError } from './write-errors.js';

/** An account that has a key, with what is stored of it. */
export interface StoredKey {
  readonly accountId: string;
  /** As in `accounts.sms_api_key`. */
  readonly stored: string;
}

/** What came of an update: done, the row holds something else by now, or another transaction kept it locked. */
export type Replacement = 'replaced' | 'differs' | 'locked';

/** The stored keys of all accounts. Every method throws SmsError DATABASE_UNAVAILABLE. */
export interface StoredKeys {
  /** How many accounts have a key. */
  count(): Promise<number>;
  /** The next accounts that have a key, in the order of their ids. */
  list(page: { after: string | undefined; limit: number }): Promise<readonly StoredKey[]>;
  /** What is stored of an account now; undefined if it has no key, or is gone. */
  find(accountId: string): Promise<string | undefined>;
  /** Puts `next` where `stored` is, and nowhere else: one statement, which locks one row for as long as it runs. */
  replace(change: StoredKey & { next: string }): Promise<Replacement>;
  readonly close: () => Promise<void>;
}

/** How many statements may be under way at once, each on a connection of its own. */
export const STORED_KEYS_CONNECTIONS = 4;

/** Counting and listing read a table of any size; in milliseconds. */
const STATEMENT_TIMEOUT_MS = 60_000;

/** SQLSTATE lock_not_available, serialization_failure, deadlock_detected: another transaction was there first. */
const LOCKED = ['55P03', '40001', '40P01'];

/**
 * Opens the stored keys.
 *
 * @param options.databaseUrl of a role that may read `accounts`, and update it unless `readOnly`
 * @param options.lockTimeoutMs how long an update waits for another transaction's lock; default 2,000
 */
export function openStoredKeys(options: {
  databaseUrl: string;
  readOnly: boolean;
  lockTimeoutMs?: number;
}): StoredKeys {
  const sql = postgres(options.databaseUrl, {
    ...DRIVER_OPTIONS,
    max: STORED_KEYS_CONNECTIONS,
    connect_timeout: 10,
    // As for the worker's pool: a pooler in transaction mode knows no prepared statements.
    prepare: false,
    connection: {
      application_name: 'durable-sms-cli',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: options.lockTimeoutMs ?? 2_000,
      // Never false: a role that is read-only by default is so on purpose.
      ...(options.readOnly ? { default_transaction_read_only: true } : {}),
      // An update that had to wait looks at the row as it is then, whatever the role's own default is.
      default_transaction_isolation: 'read committed',
    },
  });
  return {
    count: () =>
      reading(async () => {
        const [row] = await sql<[{ count: string }]>`
          SELECT count(*) AS count FROM accounts WHERE sms_api_key <> ''`;
        return Number(row.count);
      }),
    list: ({ after, limit }) =>
      reading(async () => {
        const beyond = after === undefined ? sql`` : sql`AND id > ${after}`;
        const rows = await sql<{ id: string; sms_api_key: string }[]>`
          SELECT id, sms_api_key FROM accounts WHERE sms_api_key <> '' ${beyond} ORDER BY id LIMIT ${limit}`;
        return rows.map((row) => ({ accountId: row.id, stored: row.sms_api_key }));
      }),
    find: (accountId) =>
      reading(async () => {
        const rows = await sql<{ sms_api_key: string }[]>`
          SELECT sms_api_key FROM accounts WHERE sms_api_key <> '' AND id = ${accountId}`;
        return rows[0]?.sms_api_key;
      }),
    async replace({ accountId, stored, next }) {
      try {
        const { count } = await sql`
          UPDATE accounts SET sms_api_key = ${next} WHERE id = ${accountId} AND sms_api_key = ${stored}`;
        return count > 0 ? 'replaced' : 'differs';
      } catch (error) {
        if (error instanceof postgres.PostgresError && LOCKED.includes(error.code)) return 'locked';
        throw translateWriteError(error);
      }
    },
    close: () => sql.end({ timeout: 5 }),
  };
}

async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw translateDatabaseError(error);
  }
}
