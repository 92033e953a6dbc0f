import { sql } from 'drizzle-orm';
import { readAddress } from './address/read-address.js';
import { DATABASE_TIMEOUTS } from './database.js';
import { openPool } from './pool.js';
import { toSqlText } from './sql-text.js';
import { translateWriteError } from './write-errors.js';

/** The width of `accounts.sms_api_key`. */
export const MAX_STORED_KEY_LENGTH = 500;

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
  const pool = openPool(readAddress(databaseUrl), {
    max: 1,
    connectMs: 10_000,
    applicationName: 'durable-sms-cli',
    settings: [`SET LOCAL statement_timeout = ${DATABASE_TIMEOUTS.statementMs * 4}`],
  });
  try {
    const rows = await pool.run(
      toSqlText(
        sql`UPDATE accounts SET sms_api_key = ${encryptedApiKey} WHERE id = ${accountId} RETURNING 1`,
      ),
    );
    return rows.length > 0;
  } catch (error) {
    throw translateWriteError(error);
  } finally {
    await pool.close(5);
  }
}
