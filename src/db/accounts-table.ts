import { pgTable, uuid, varchar } from 'drizzle-orm/pg-core';

/**
 * The columns of the web app's `accounts` table that this service reads. The web app owns the
 * table.
 */
export const accounts = pgTable('accounts', {
  id: uuid('id').primaryKey(),
  /** base64(iv ‖ tag ‖ ciphertext), see `encryptCredentials`; null while the account has no key. */
  smsApiKey: varchar('sms_api_key', { length: 500 }),
});
