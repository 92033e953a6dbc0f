import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { encryptCredentials } from '../../src/encryption/credentials.js';
import { DRIVER_OPTIONS } from '../../src/db/driver-options.js';
import { setUpSchema } from '../../src/db/policies/set-up-schema.js';

/** The web app's `accounts` table, with the columns that this service's facts name. */
const CREATE_TABLE = `
  CREATE TABLE accounts (
    id uuid PRIMARY KEY,
    sms_api_key varchar(500),
    sms_mobile_api_allowed boolean NOT NULL DEFAULT false,
    email varchar(320) NOT NULL
  )`;

/** Creates the `accounts` table as the web app has it, and the schema `durable_sms` beside it. */
export async function createWebAppTables(databaseUrl: string): Promise<void> {
  await withDatabase(databaseUrl, (sql) => sql.unsafe(CREATE_TABLE));
  await setUpSchema({ databaseUrl });
}

/** Adds an account and returns its id; without `apiKey`, it has no key. */
export async function addAccount(
  databaseUrl: string,
  account: { apiKey?: string; encryptionKey: string },
): Promise<string> {
  const id = randomUUID();
  const stored =
    account.apiKey === undefined ? null : encryptCredentials(account.apiKey, account.encryptionKey);
  await withDatabase(
    databaseUrl,
    (sql) => sql`
      INSERT INTO accounts (id, sms_api_key, sms_mobile_api_allowed, email)
      VALUES (${id}, ${stored}, true, ${`${id}@example.com`})`,
  );
  return id;
}

async function withDatabase(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(url, { ...DRIVER_OPTIONS, max: 1 });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}
