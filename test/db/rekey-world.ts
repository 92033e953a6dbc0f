import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { createRekey } from '../../src/cli/rekey/rekey-stored-key.js';
import { decryptCredentials, encryptCredentials } from '../../src/encryption/credentials.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { createWebAppDatabase } from '../support/shared-parts.js';
import { onDatabase } from './database-fixture.js';

/** A database of accounts under the old key, and what a rotation of it needs. */
export interface RekeyWorld {
  readonly url: string;
  readonly oldKey: string;
  readonly newKey: string;
  /** The API keys by account id, in the order of the ids. */
  readonly apiKeys: ReadonlyMap<string, string>;
  readonly ids: readonly string[];
  readonly rekey: ReturnType<typeof createRekey>;
}

/** A random key, 64 hex characters. */
export const randomHexKey = () => randomBytes(32).toString('hex');

/**
 * Makes a database of its own, with so many accounts that have a key, and `without` that have none.
 */
export async function createRekeyWorld(accountCount: number, { without = 0 } = {}): Promise<RekeyWorld> {
  const url = await createWebAppDatabase();
  const [oldKey, newKey] = [randomHexKey(), randomHexKey()];
  const ids = Array.from({ length: accountCount }, () => randomUUID()).sort();
  const apiKeys = new Map(ids.map((id, index) => [id, `key-${index}-${randomBytes(16).toString('hex')}`]));
  await addRows(
    url,
    [...apiKeys].map(([id, apiKey]) => ({ id, stored: encryptCredentials(apiKey, oldKey) })),
  );
  await addRows(
    url,
    Array.from({ length: without }, (_, index) => ({
      id: randomUUID(),
      stored: index % 2 === 0 ? null : '',
    })),
  );
  const rekey = createRekey({ encryptionKey: newKey, previousEncryptionKey: oldKey });
  return { url, oldKey, newKey, apiKeys, ids, rekey };
}

/** Adds accounts with these stored values. */
export async function addRows(
  url: string,
  rows: readonly { id: string; stored: string | null }[],
): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map(({ id, stored }) => ({ id, sms_api_key: stored, email: `${id}@example.com` }));
  await onDatabase(url, (sql) => sql`INSERT INTO accounts ${sql(values)}`);
}

/** What is stored of each account. */
export async function readStored(url: string): Promise<Map<string, string | null>> {
  const rows = await onDatabase(
    url,
    (sql) => sql<{ id: string; sms_api_key: string | null }[]>`SELECT id, sms_api_key FROM accounts`,
  );
  return new Map(rows.map((row) => [row.id, row.sms_api_key]));
}

/** Puts a value into an account's row. */
export async function store(url: string, accountId: string, stored: string | null): Promise<void> {
  await onDatabase(url, (sql) => sql`UPDATE accounts SET sms_api_key = ${stored} WHERE id = ${accountId}`);
}

/** Asserts that each of these accounts has exactly its own API key, under this encryption key. */
export async function assertAllUnder(
  { url, apiKeys }: Pick<RekeyWorld, 'url' | 'apiKeys'>,
  encryptionKey: string,
): Promise<void> {
  const stored = await readStored(url);
  for (const [id, apiKey] of apiKeys) {
    assert.equal(decryptCredentials(stored.get(id) ?? '', encryptionKey), apiKey, id);
  }
}

/** How many accounts open with this encryption key. */
export async function countUnder(url: string, encryptionKey: string): Promise<number> {
  const stored = [...(await readStored(url)).values()];
  return stored.filter((value) => opens(value, encryptionKey)).length;
}

/**
 * Keeps an account's row locked while `work` runs; `change` puts a value into it that is there when
 * the lock ends.
 */
export async function whileLocked(
  url: string,
  accountId: string,
  work: (change: (stored: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  await onDatabase(url, (sql) =>
    sql.begin(async (transaction) => {
      await transaction`SELECT 1 FROM accounts WHERE id = ${accountId} FOR UPDATE`;
      await work(async (stored) => {
        await transaction`UPDATE accounts SET sms_api_key = ${stored} WHERE id = ${accountId}`;
      });
    }),
  );
}

/**
 * Waits until an update of the command waits for a row that another transaction has; a wait for
 * room in the table's file is none.
 */
export async function updateWaits(url: string): Promise<void> {
  await waitUntil('an update to wait for a row', () =>
    onDatabase(url, async (sql) => {
      const rows = await sql`
        SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'durable-sms-cli' AND wait_event_type = 'Lock' AND wait_event IN ('transactionid', 'tuple')`;
      return rows.length > 0;
    }),
  );
}

function opens(stored: string | null, encryptionKey: string): boolean {
  try {
    decryptCredentials(stored ?? '', encryptionKey);
    return true;
  } catch {
    return false;
  }
}
