import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type postgres from 'postgres';
import { setApiKey } from '../../src/db/set-api-key.js';
import { encryptCredentials } from '../../src/encryption/credentials.js';
import { addAccount } from '../../tools/dev/demo-account.js';
import { createWebAppDatabase } from '../support/shared-parts.js';
import { asRole, askOnce, assertUnavailable, onDatabase } from './database-fixture.js';

const FILE = fileURLToPath(new URL('../../src/db/least-privilege-role.sql', import.meta.url));

/** Puts psql's variables in as psql does: :"name" as an identifier, :'name' as a text. */
function substitute(script: string, variables: Record<string, string>): string {
  const value = (name: string) => {
    const found = variables[name];
    assert.ok(found !== undefined, `the file asks for ${name}`);
    return found;
  };
  return script
    .replaceAll(/:"(\w+)"/g, (_, name: string) => `"${value(name).replaceAll('"', '""')}"`)
    .replaceAll(/:'(\w+)'/g, (_, name: string) => `'${value(name).replaceAll("'", "''")}'`);
}

describe('the role of the worker', () => {
  const role = `Worker "role" ${randomBytes(4).toString('hex')}`;
  const password = `it's ${randomBytes(4).toString('hex')}`;
  let ownerUrl: string;
  let url: string;
  let id: string;
  before(async () => {
    ownerUrl = await createWebAppDatabase();
    id = await addAccount(ownerUrl, { apiKey: 'k', encryptionKey: randomBytes(32).toString('hex') });
    const script = substitute(await readFile(FILE, 'utf8'), { role, password });
    await onDatabase(ownerUrl, (sql) => sql.unsafe(script));
    url = asRole(ownerUrl, role, password);
  });

  it('reads the id and the key of an account', async () => {
    const [row] = await onDatabase(url, (sql) => sql`SELECT id, sms_api_key FROM accounts`);
    assert.equal(row?.['id'], id);
    assert.equal(typeof row['sms_api_key'], 'string');
  });

  it('suffices for the worker’s queries', async () => {
    assert.ok(await askOnce(url, id));
    assert.equal(await askOnce(url, randomUUID()), undefined);
  });

  it('starts read-only sessions with a statement time-out', async () => {
    const [row] = await onDatabase(
      url,
      (sql) => sql`
        SELECT current_setting('default_transaction_read_only') AS read_only,
               current_setting('statement_timeout') AS timeout`,
    );
    assert.deepEqual({ ...row }, { read_only: 'on', timeout: '5s' });
  });

  for (const statement of [
    'SELECT email FROM accounts',
    'SELECT * FROM accounts',
    'SELECT sms_mobile_api_allowed FROM accounts',
    'SELECT id FROM accounts WHERE email IS NULL',
    'UPDATE accounts SET sms_api_key = NULL',
    "INSERT INTO accounts (id, email) VALUES (gen_random_uuid(), 'x')",
    'DELETE FROM accounts',
    'TRUNCATE accounts',
    'SELECT id FROM accounts FOR UPDATE',
    'ALTER TABLE accounts ADD COLUMN note text',
    'DROP TABLE accounts',
    'CREATE TABLE public.notes (id int)',
    'CREATE ROLE another',
    'CREATE DATABASE another',
    "COPY accounts TO PROGRAM 'true'",
  ]) {
    it(`may not ${statement}, even in a session made writable`, async () => {
      const sqlState = await onDatabase(url, async (sql) => {
        await sql`SET default_transaction_read_only = off`;
        return sql.unsafe(statement).then(
          () => 'allowed',
          (error: unknown) => (error as postgres.PostgresError).code,
        );
      });
      assert.equal(sqlState, '42501');
    });
  }

  it('cannot store a key, which fails with DATABASE_UNAVAILABLE without the key', async () => {
    const ciphertext = `Y2lwaGVy${randomBytes(8).toString('hex')}`;
    const error = await assertUnavailable(setApiKey(url, id, ciphertext), /^(42501|25006)$/, {
      url: ownerUrl,
    });
    assert.ok(!error.message.includes(ciphertext));
    assert.ok(!String(error.stack).includes(password));
  });
});

describe('setApiKey', () => {
  let url: string;
  before(async () => {
    url = await createWebAppDatabase();
  });

  it('stores the key of its account only', async () => {
    const encryptionKey = randomBytes(32).toString('hex');
    const [id, other] = [await addAccount(url, { encryptionKey }), await addAccount(url, { encryptionKey })];
    const [first, second] = ['first', 'second'].map((key) => encryptCredentials(key, encryptionKey));
    assert.equal(await setApiKey(url, id, first ?? ''), true);
    assert.equal(await setApiKey(url, id, second ?? ''), true);
    assert.equal(await askOnce(url, id), second);
    assert.equal(await askOnce(url, other), undefined);
  });

  it('returns false for an account that does not exist', async () => {
    assert.equal(await setApiKey(url, randomUUID(), 'any'), false);
  });

  it('fails with DATABASE_UNAVAILABLE in a read-only session', async () => {
    const role = `reader_${randomBytes(4).toString('hex')}`;
    await onDatabase(url, (sql) =>
      sql.unsafe(`
        CREATE ROLE ${role} LOGIN PASSWORD 'reader-secret';
        GRANT SELECT, UPDATE ON accounts TO ${role};
        ALTER ROLE ${role} SET default_transaction_read_only = on`),
    );
    const reader = asRole(url, role, 'reader-secret');
    await assertUnavailable(setApiKey(reader, randomUUID(), 'any'), '25006', { url: reader });
  });

  it('fails with DATABASE_UNAVAILABLE for a key longer than the column', async () => {
    const id = await addAccount(url, { encryptionKey: randomBytes(32).toString('hex') });
    await assertUnavailable(setApiKey(url, id, 'x'.repeat(501)), '22001', { url });
  });
});
