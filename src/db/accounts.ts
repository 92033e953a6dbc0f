import { eq } from 'drizzle-orm';
import { QueryBuilder } from 'drizzle-orm/pg-core';
import { SmsError } from '../domain/errors.js';
import { accounts } from './accounts-table.js';
import type { Database } from './database.js';
import { translateDatabaseError } from './database-errors.js';

/** Reads the accounts of the web app. */
export interface Accounts {
  /**
   * The encrypted API key of an account; undefined if there is no such account, or it has no key.
   *
   * @throws SmsError DATABASE_UNAVAILABLE, retried until the deadline; API_KEY_DECRYPTION_FAILED
   *   for a value that is not a ciphertext
   */
  findEncryptedApiKey(accountId: string): Promise<string | undefined>;
}

/**
 * In base64: iv and tag of 16 bytes each, and something. What is returned is stored by Temporal,
 * and must not be a key in clear.
 */
const CIPHERTEXT = /^[A-Za-z0-9+/]{44,}={0,2}$/;

/** The accounts behind a pool. */
export function createAccounts(database: Database): Accounts {
  return {
    async findEncryptedApiKey(accountId) {
      let stored: string | undefined;
      try {
        const query = new QueryBuilder()
          .select({ smsApiKey: accounts.smsApiKey })
          .from(accounts)
          .where(eq(accounts.id, accountId))
          .limit(1);
        const [row] = await database.read<{ sms_api_key: string | null }>(query);
        stored = row?.sms_api_key ?? undefined;
      } catch (error) {
        throw translateDatabaseError(error);
      }
      if (stored !== undefined && stored !== '' && !CIPHERTEXT.test(stored)) {
        throw new SmsError('API_KEY_DECRYPTION_FAILED');
      }
      return stored;
    },
  };
}
