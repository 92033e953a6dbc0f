import { sql } from 'drizzle-orm';
import { onPrimary } from './address/on-primary.js';
import { readAddress } from './address/read-address.js';
import { DATABASE_TIMEOUTS } from './database.js';
import { openPool } from './pool.js';
import { toSqlText } from './sql-text.js';
import { within } from './within.js';
import { translateWriteError } from './write-errors.js';

/** The width of `accounts.sms_api_key`. */
export const MAX_STORED_KEY_LENGTH = 500;

const CONNECT_MS = 10_000;

const STATEMENT_MS = DATABASE_TIMEOUTS.statementMs * 4;

/**
 * Stores an encrypted API key with an account; false if there is no such account.
 *
 * @param databaseUrl of a role that may update `accounts`; the worker's own may not
 * @throws SmsError DATABASE_UNAVAILABLE
 */
export async function setApiKey(
  databaseUrl: string,
  accountId: string,
  encryptedApiKey: string,
): Promise<boolean> {
  const pool = openPool(onPrimary(readAddress(databaseUrl)), {
    max: 1,
    connectMs: CONNECT_MS,
    applicationName: 'durable-sms-cli',
    settings: [`SET LOCAL statement_timeout = ${STATEMENT_MS}`],
  });
  try {
    const update = toSqlText(
      sql`UPDATE accounts SET sms_api_key = ${encryptedApiKey} WHERE id = ${accountId} RETURNING 1`,
    );
    const rows = await within(2 * CONNECT_MS + STATEMENT_MS, pool.run(update));
    return rows.length > 0;
  } catch (error) {
    throw translateWriteError(error);
  } finally {
    await pool.close(5);
  }
}
