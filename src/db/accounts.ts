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
      const query = database.orm
        .select({ smsApiKey: accounts.smsApiKey })
        .from(accounts)
        .where(eq(accounts.id, accountId))
        .limit(1);
      try {
        const rows = await within(database.timeouts.queryMs, query.execute());
        return rows[0]?.smsApiKey ?? undefined;
      } catch (error) {
        throw translateDatabaseError(error);
      }
    },
  };
}

/** Rejects with code POOL_TIMEOUT when a query waits longer: the driver queues without limit for a free connection. */
async function within<T>(timeoutMs: number, query: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(Object.assign(new Error('query timed out'), { code: 'POOL_TIMEOUT' }));
    }, timeoutMs);
  });
  try {
    return await Promise.race([query, timeout]);
  } finally {
    clearTimeout(timer);
    query.catch(() => undefined);
  }
}
