import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { DRIVER_OPTIONS } from '../../src/db/driver-options.js';
import { createAccounts } from '../../src/db/accounts.js';
import { openDatabase } from '../../src/db/database.js';
import { addAccount, createWebAppTables } from '../../tools/dev/demo-account.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../tools/servers/embedded-postgres.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { makeDirectory, sharedGuard } from '../support/scratch.js';
import { askOnce, assertUnavailable } from './database-fixture.js';

describe('a PostgreSQL server', () => {
  let server: EmbeddedPostgres;
  let url: string;
  let id: string;
  before(async () => {
    server = await startEmbeddedPostgres({
      guard: await sharedGuard(),
      directory: await makeDirectory('restart'),
      settings: { max_connections: '8', superuser_reserved_connections: '1', reserved_connections: '0' },
    });
    url = await server.createDatabase('web_app');
    await createWebAppTables(url);
    id = await addAccount(url, { apiKey: 'k', encryptionKey: randomBytes(32).toString('hex') });
  });
  after(() => server.stop());

  it('is DATABASE_UNAVAILABLE while it has too many clients', async () => {
    const others = Array.from({ length: 16 }, () => postgres(url, { ...DRIVER_OPTIONS, max: 1 }));
    try {
      await Promise.all(others.map((sql) => sql`SELECT 1`.catch((error: unknown) => error)));
      await assertUnavailable(askOnce(url, id), '53300', { url });
    } finally {
      await Promise.all(others.map((sql) => sql.end({ timeout: 1 })));
    }
    await waitUntil('a free connection', () => askOnce(url, id));
  });

  it('is DATABASE_UNAVAILABLE while it is stopped, and readable through the same pool afterwards', async () => {
    const database = openDatabase({ url, maxConnections: 2 });
    const accounts = createAccounts(database);
    try {
      const stored = await accounts.findEncryptedApiKey(id);
      assert.ok(stored);
      for (let round = 0; round < 2; round++) {
        await server.stop();
        const codes =
          /^(ECONNREFUSED|ECONNRESET|CONNECTION_CLOSED|CONNECTION_ENDED|EPIPE|57P01|POOL_TIMEOUT)$/;
        for (let question = 0; question < 3; question++) {
          await assertUnavailable(accounts.findEncryptedApiKey(id), codes, { url });
        }
        await server.start();
        const again = await waitUntil('the pool to read again', () => accounts.findEncryptedApiKey(id));
        assert.deepEqual(again, stored);
      }
    } finally {
      await database.close();
    }
  });

  it('is readable at once after an operator ended the pool’s connection', async () => {
    const database = openDatabase({ url, maxConnections: 1 });
    const accounts = createAccounts(database);
    const operator = postgres(url, { ...DRIVER_OPTIONS, max: 1 });
    try {
      const stored = await accounts.findEncryptedApiKey(id);
      const ended = await operator`
        SELECT pg_terminate_backend(pid, 5000) AS ended FROM pg_stat_activity WHERE application_name = 'durable-sms'`;
      assert.deepEqual(
        ended.map((row) => row['ended'] as boolean),
        [true],
      );
      const again = await waitUntil('the pool to read again', () => accounts.findEncryptedApiKey(id));
      assert.deepEqual(again, stored);
    } finally {
      await operator.end();
      await database.close();
    }
  });
});
