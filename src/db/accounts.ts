import { eq } from 'drizzle-orm';
import { accounts } from './accounts-table.js';
import type { Database } from './database.js';
import { translateDatabaseError } from './database-errors.js';

/** Reads the accounts of the web app. */
export interface Accounts {
  /**
   * The encrypted API key of an account; undefined if there is no such account, or it has no key.
   *
   * @throws SmsError DATABASE_UNAVAILABLE, retried until the deadline
   */
  findEncryptedApiKey(accountId: string): Promise<string | undefined>;
}

/** The accounts behind a pool. */
export function createAccounts(database: Database): Accounts {
  return {
    async findEncryptedApiKey(accountId) {
      try {
        const rows = await database.query((orm) =>
          orm
            .select({ smsApiKey: accounts.smsApiKey })
            .from(accounts)
            .where(eq(accounts.id, accountId))
            .limit(1),
        );
        return rows[0]?.smsApiKey ?? undefined;
      } catch (error) {
        throw translateDatabaseError(error);
      }
    },
  };
}
