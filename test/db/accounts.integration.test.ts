import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { sql } from 'drizzle-orm';
import { decryptCredentials } from '../../src/encryption/credentials.js';
import { createAccounts } from '../../src/db/accounts.js';
import { openDatabase, type Database } from '../../src/db/database.js';
import { addAccount } from '../../tools/dev/demo-account.js';
import { SmsError } from '../../src/domain/errors.js';
import { createWebAppDatabase } from '../support/shared-parts.js';
import { assertUnavailable, onDatabase } from './database-fixture.js';

describe('the accounts of the web app', () => {
  const encryptionKey = randomBytes(32).toString('hex');
  let url: string;
  let database: Database;
  before(async () => {
    url = await createWebAppDatabase();
    database = openDatabase({ url });
  });
  after(() => database.close());

  it('find the encrypted key of an account', async () => {
    await addAccount(url, { apiKey: 'another', encryptionKey });
    const id = await addAccount(url, { apiKey: 'one', encryptionKey });
    const found = await createAccounts(database).findEncryptedApiKey(id);
    assert.equal(decryptCredentials(found?.encryptedApiKey ?? '', encryptionKey), 'one');
    assert.deepEqual(await createAccounts(database).findEncryptedApiKey(id.toUpperCase()), found);
  });

  it('find nothing for an account without a key', async () => {
    const id = await addAccount(url, { encryptionKey });
    assert.equal(await createAccounts(database).findEncryptedApiKey(id), undefined);
  });

  it('find nothing for an account that does not exist', async () => {
    assert.equal(await createAccounts(database).findEncryptedApiKey(randomUUID()), undefined);
  });

  for (const stored of [
    '4f7a0c9e2b4f7a0c9e2b4f7a0c9e2b4f7a0c9e2b',
    'clé-en-clair',
    `${'A'.repeat(44)}!`,
    ' ',
  ]) {
    it(`expose nothing that is not a ciphertext, such as a key stored in clear: ${stored.slice(0, 12)}…`, async () => {
      const id = await addAccount(url, { apiKey: 'one', encryptionKey });
      await onDatabase(url, (owner) => owner`UPDATE accounts SET sms_api_key = ${stored} WHERE id = ${id}`);
      await assert.rejects(createAccounts(database).findEncryptedApiKey(id), (error) => {
        assert.ok(error instanceof SmsError);
        assert.equal(error.code, 'API_KEY_DECRYPTION_FAILED');
        assert.ok(
          !inspect(error, { depth: 9 }).includes(stored.trim() || 'nothing'),
          'it quotes what is stored',
        );
        return true;
      });
    });
  }

  it('return the right key to each of many queries at once', async () => {
    const ids = await Promise.all(
      Array.from({ length: 12 }, () => addAccount(url, { apiKey: 'k', encryptionKey })),
    );
    const small = openDatabase({ url, maxConnections: 2, timeouts: { queryMs: 60_000 } });
    try {
      const found = await Promise.all(ids.map((id) => createAccounts(small).findEncryptedApiKey(id)));
      assert.equal(new Set(found.map((key) => key?.encryptedApiKey)).size, ids.length);
    } finally {
      await small.close();
    }
  });

  it('are read in read-only transactions, whatever the role may do', async () => {
    for (const statement of [
      sql`UPDATE accounts SET sms_api_key = NULL`,
      sql`DELETE FROM accounts`,
      sql`CREATE TABLE notes (id int)`,
    ]) {
      await assert.rejects(database.read(statement), { code: '25006' });
    }
  });

  it('are read under a statement time-out and a recognisable application name', async () => {
    const [row] = await database.read(sql`
      SELECT current_setting('statement_timeout') AS timeout, current_setting('application_name') AS name`);
    assert.deepEqual(row, { timeout: '1500ms', name: 'durable-sms' });
  });

  it('open no connection before the first query', async () => {
    const unreachable = openDatabase({ url: 'postgres://nobody:hidden@127.0.0.1:1/none' });
    await unreachable.close();
  });

  it('report PostgreSQL’s error about a malformed id as DATABASE_UNAVAILABLE, without the id', async () => {
    const error = await assertUnavailable(
      createAccounts(database).findEncryptedApiKey('no-uuid-4711'),
      '22P02',
      { url },
    );
    assert.ok(!error.message.includes('4711'));
  });

  it('fail with DATABASE_UNAVAILABLE once the pool is closed', async () => {
    const closed = openDatabase({ url });
    await closed.close();
    const question = createAccounts(closed).findEncryptedApiKey(randomUUID());
    await assertUnavailable(question, 'CONNECTION_ENDED', { url });
  });
});
