import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { openDatabase } from '../../src/db/database.js';
import { setApiKey } from '../../src/db/set-api-key.js';
import { setUpSchema } from '../../src/db/policies/set-up-schema.js';
import { openStoredKeys } from '../../src/db/stored-keys.js';
import { createSmsPolicies } from '../../src/policies-client.js';
import { addAccount, createWebAppTables } from '../../tools/dev/demo-account.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../tools/servers/embedded-postgres.js';
import { cleanUpAtEnd, makeDirectory, sharedGuard } from '../support/scratch.js';
import { findPgBouncer, startPgBouncer } from './pgbouncer.js';
import { askOnce, assertUnavailable, onDatabase } from './database-fixture.js';

/** Read here: once tests run, the shell's environment is gone. */
const isRequired = process.env['CI_PGBOUNCER'] === 'required';
const IGNORING = 'statement_timeout,default_transaction_read_only,lock_timeout,options,extra_float_digits';

describe('a database behind PgBouncer', () => {
  let program: string;
  let server: EmbeddedPostgres;
  let id: string;
  before(async function () {
    const found = await findPgBouncer();
    if (found === undefined) {
      assert.ok(!isRequired, 'CI_PGBOUNCER=required, and there is no pgbouncer');
      process.stderr.write('  Skipped, as there is no pgbouncer: apt-get install pgbouncer\n');
      this.skip();
    }
    program = found;
    server = await startEmbeddedPostgres({
      guard: await sharedGuard(),
      directory: await makeDirectory('postgres'),
    });
    cleanUpAtEnd.add(server.stop);
    const url = await server.createDatabase('web');
    await createWebAppTables(url);
    await setUpSchema({ databaseUrl: url });
    id = await addAccount(url, { apiKey: 'k', encryptionKey: randomBytes(32).toString('hex') });
  });

  for (const pool_mode of ['transaction', 'session', 'statement']) {
    for (const ignore_startup_parameters of ['', IGNORING]) {
      describe(`in ${pool_mode} mode, ${ignore_startup_parameters === '' ? 'refusing' : 'ignoring'} start-up parameters`, () => {
        let pooler: { url: string; stop: () => Promise<void> };
        before(async () => {
          pooler = await startPgBouncer(program, server, {
            pool_mode,
            ...(ignore_startup_parameters === '' ? {} : { ignore_startup_parameters }),
          });
        });
        after(() => pooler.stop());

        it('is read under the time-out in read-only transactions, and leaves neither behind', async () => {
          assert.ok(await askOnce(pooler.url, id));
          const database = openDatabase({ url: pooler.url, maxConnections: 1 });
          try {
            const [settings] = await database.read(sql`
              SELECT current_setting('statement_timeout') AS timeout, current_setting('transaction_read_only') AS ro`);
            assert.deepEqual(settings, { timeout: '1500ms', ro: 'on' });
            await assert.rejects(database.read(sql`DELETE FROM accounts RETURNING 1`), { code: '25006' });
            await assert.rejects(database.read(sql`SELECT pg_sleep(30)`), { code: '57014' });
          } finally {
            await database.close();
          }
          await onDatabase(pooler.url, async (other) => {
            const [left] = await other`
              SELECT current_setting('statement_timeout') AS timeout, current_setting('transaction_read_only') AS ro`.simple();
            assert.deepEqual(left, { timeout: '0', ro: 'off' });
          });
        });

        it('takes opt-outs of many at once, and lists them', async () => {
          const policies = createSmsPolicies({ databaseUrl: pooler.url, maxConnections: 1 });
          const accountId = randomUUID();
          const recipients = Array.from({ length: 20 }, (_, i) => ({
            accountId,
            recipientPhone: `+336399800${String(i).padStart(2, '0')}`,
          }));
          try {
            await Promise.all(recipients.map((recipient) => policies.optOuts.add(recipient)));
            const has = await Promise.all(recipients.map((recipient) => policies.optOuts.has(recipient)));
            assert.ok(has.every(Boolean));
            let listed = 0;
            for await (const { accountId: account } of policies.optOuts.list({ accountId, pageSize: 7 }))
              if (account === accountId) listed++;
            assert.equal(listed, 20);
          } finally {
            await policies.close();
          }
        });

        it('serves many queries at once', async () => {
          const database = openDatabase({
            // In session mode a connection that waits for one of the server's would wait for ever.
            url: `${pooler.url}?connection_limit=${pool_mode === 'session' ? 1 : 10}`,
            timeouts: { queryMs: 60_000, statementMs: 60_000 },
          });
          try {
            const asked = Array.from({ length: 40 }, (_, n) => database.read(sql`SELECT ${n} AS n`));
            assert.deepEqual(
              (await Promise.all(asked)).map(([row]) => (row as { n: number }).n),
              asked.map((_, n) => n),
            );
          } finally {
            await database.close();
          }
        });

        it('stores a new key, and a re-encryption', async () => {
          assert.equal(await setApiKey(pooler.url, id, "it's\\1"), true);
          assert.equal(await setApiKey(pooler.url, randomUUID(), 'x'), false);
          const keys = openStoredKeys({ databaseUrl: `${pooler.url}?schema=public`, readOnly: false });
          try {
            assert.equal(await keys.find(id), "it's\\1");
            assert.equal(await keys.replace({ accountId: id, stored: 'y', next: 'z' }), 'differs');
            assert.equal(
              await keys.replace({ accountId: id, stored: "it's\\1", next: 'A'.repeat(44) }),
              'replaced',
            );
            assert.equal(await keys.count(), 1);
            assert.deepEqual(await keys.list({ after: undefined, limit: 9 }), [
              { accountId: id, stored: 'A'.repeat(44) },
            ]);
          } finally {
            await keys.close();
          }
        });
      });
    }
  }

  it('names the parameter that a pooler refuses', async () => {
    const pooler = await startPgBouncer(program, server, {});
    try {
      const url = `${pooler.url}?options=-c%20work_mem%3D8MB`;
      const error = await assertUnavailable(askOnce(url, id), '08P01', { url: pooler.url });
      assert.match(error.message, /options= in DATABASE_URL/);
    } finally {
      await pooler.stop();
    }
  });
});
