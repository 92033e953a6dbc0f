import postgres from 'postgres';
import { DATABASE_TIMEOUTS } from './database.js';
import { DRIVER_OPTIONS } from './driver-options.js';
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
  const sql = postgres(databaseUrl, {
    ...DRIVER_OPTIONS,
    max: 1,
    connect_timeout: 10,
    connection: { application_name: 'durable-sms-cli', statement_timeout: DATABASE_TIMEOUTS.statementMs * 4 },
  });
  try {
    const { count } = await sql`UPDATE accounts SET sms_api_key = ${encryptedApiKey} WHERE id = ${accountId}`;
    return count > 0;
  } catch (error) {
    throw translateWriteError(error);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
