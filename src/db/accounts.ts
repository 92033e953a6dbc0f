import { eq, sql, type SQLWrapper } from 'drizzle-orm';
import { QueryBuilder } from 'drizzle-orm/pg-core';
import type { AccountKey, Recipient } from '../domain/account-key.js';
import { SmsError } from '../domain/errors.js';
import { accounts } from './accounts-table.js';
import type { Database } from './database.js';
import { translateDatabaseError } from './database-errors.js';
import { epochMs, isOptedOut, isRecipient } from './policies/expressions.js';

/** Reads the accounts of the web app. */
export interface Accounts {
  /**
   * The encrypted API key of an account, and with a recipient what is decided about writing to it;
   * undefined if there is no such account, or it has no key.
   *
   * @throws SmsError DATABASE_UNAVAILABLE, retried until the deadline; API_KEY_DECRYPTION_FAILED
   *   for a value that is not a ciphertext
   */
  findEncryptedApiKey(accountId: string, recipient?: Recipient): Promise<AccountKey | undefined>;
}

/**
 * In base64: iv and tag of 16 bytes each, and something. What is returned is stored by Temporal,
 * and must not be a key in clear.
 */
const CIPHERTEXT = /^[A-Za-z0-9+/]{44,}={0,2}$/;

/**
 * The accounts behind a pool.
 *
 * @param options.policies whether the schema `durable_sms` is read, too
 */
export function createAccounts(
  database: Pick<Database, 'read'>,
  options: { policies?: boolean } = {},
): Accounts {
  return {
    async findEncryptedApiKey(accountId, recipient) {
      const query =
        recipient === undefined || options.policies !== true
          ? keyOf(accountId)
          : keyAndDecisions(accountId, recipient);
      let row: AccountRow | undefined;
      try {
        [row] = await database.read<AccountRow>(query);
      } catch (error) {
        throw translateDatabaseError(error);
      }
      const stored = row?.sms_api_key ?? '';
      if (row === undefined || stored === '') return undefined;
      if (!CIPHERTEXT.test(stored)) throw new SmsError('API_KEY_DECRYPTION_FAILED');
      const { opted_out: isOptedOut, closed_until_ms: closedUntilMs } = row;
      return {
        encryptedApiKey: stored,
        ...(isOptedOut === undefined ? {} : { isOptedOut }),
        ...(closedUntilMs === undefined || closedUntilMs === null
          ? {}
          : { closedUntilMs: Number(closedUntilMs) }),
      };
    },
  };
}

interface AccountRow {
  readonly sms_api_key: string | null;
  readonly opted_out?: boolean;
  /** A bigint, as the driver reads it. */
  readonly closed_until_ms?: string | null;
}

function keyOf(accountId: string): SQLWrapper {
  return new QueryBuilder()
    .select({ smsApiKey: accounts.smsApiKey })
    .from(accounts)
    .where(eq(accounts.id, accountId))
    .limit(1);
}

/** One query, as the happy path of a send has one. */
function keyAndDecisions(accountId: string, { phone, workflowId, lane }: Recipient): SQLWrapper {
  return sql`
    SELECT ${accounts.smsApiKey} AS sms_api_key, ${isOptedOut(workflowId)} AS opted_out,
      ${epochMs(sql`CASE WHEN lane.failures > 0 THEN lane.closed_until END`)} AS closed_until_ms
    FROM ${accounts}
    LEFT JOIN durable_sms.opt_outs AS opt_out ON ${isRecipient('opt_out', { accountId, phone })}
    LEFT JOIN durable_sms.phones AS lane ON lane.account_id = ${accounts.id} AND lane.lane = ${lane}
    WHERE ${accounts.id} = ${accountId}
    LIMIT 1`;
}
