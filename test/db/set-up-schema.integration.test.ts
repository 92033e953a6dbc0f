import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { checkSchema } from '../../src/db/policies/check-schema.js';
import { readMigrations } from '../../src/db/policies/migrations.js';
import { setUpSchema } from '../../src/db/policies/set-up-schema.js';
import { openDatabase, type Database } from '../../src/db/database.js';
import { SmsError } from '../../src/domain/errors.js';
import { freePort } from '../../tools/servers/free-port.js';
import { expectSmsError } from '../support/expect-failure.js';
import { makeDirectory } from '../support/scratch.js';
import { createWebAppDatabase } from '../support/shared-parts.js';
import { asRole, onDatabase } from './database-fixture.js';

describe('the schema durable_sms', () => {
  let databaseUrl: string;
  let database: Database;

  beforeEach(async () => {
    databaseUrl = await createWebAppDatabase();
    await onDatabase(databaseUrl, (sql) => sql`DROP SCHEMA durable_sms CASCADE`);
    database = openDatabase({ url: databaseUrl });
  });

  afterEach(() => database.close());

  it('is missing at first, and set up once by three set-ups at once', async () => {
    assert.equal(await checkSchema(database), 'missing');
    const done = await Promise.all([1, 2, 3].map(() => setUpSchema({ databaseUrl })));
    assert.deepEqual(done.map(({ applied }) => applied).toSorted(), [0, 0, readMigrations().length]);
    assert.equal(await checkSchema(database), 'current');
  });

  it('is brought up to date from an older version, with what it holds', async () => {
    await setUpSchema({ databaseUrl });
    await onDatabase(
      databaseUrl,
      (sql) => sql`INSERT INTO durable_sms.sending_policies (account_id) VALUES (gen_random_uuid())`,
    );
    const [first] = readMigrations();
    assert.ok(first);
    const next = {
      ...first,
      sql: [
        'ALTER TABLE durable_sms.sending_policies ADD COLUMN later text',
        "UPDATE durable_sms.sending_policies SET later = 'a $1 \\ ''b'",
      ],
      folderMillis: Date.now(),
      hash: 'next',
    };
    const migrations = [...readMigrations(), next];
    assert.equal((await setUpSchema({ databaseUrl, migrations })).applied, 1);
    assert.equal((await setUpSchema({ databaseUrl, migrations })).applied, 0);
    const rows = await onDatabase(databaseUrl, (sql) => sql`SELECT later FROM durable_sms.sending_policies`);
    assert.deepEqual(
      rows.map((row) => row['later'] as unknown),
      ["a $1 \\ 'b"],
    );
    // A worker of the build before works on.
    assert.equal(await checkSchema(database), 'current');
  });

  it('is older where the journal lacks a migration of this build', async () => {
    await setUpSchema({ databaseUrl });
    await onDatabase(databaseUrl, (sql) => sql`UPDATE durable_sms.migrations SET created_at = 1`);
    assert.equal(await checkSchema(database), 'older');
  });

  it('is left alone by an application that migrates with drizzle itself, and the other way round', async () => {
    const folder = await makeDirectory('migrations');
    await mkdir(`${folder}/meta`);
    const entry = { idx: 0, version: '7', when: Date.now() + 1_000, tag: '0000_leads', breakpoints: true };
    await writeFile(`${folder}/meta/_journal.json`, JSON.stringify({ entries: [entry] }));
    await writeFile(`${folder}/0000_leads.sql`, 'CREATE TABLE leads (id integer);');
    await onDatabase(databaseUrl, (sql) => migrate(drizzle(sql), { migrationsFolder: folder }));
    assert.equal((await setUpSchema({ databaseUrl })).applied, readMigrations().length);
    await onDatabase(databaseUrl, (sql) => sql`INSERT INTO leads VALUES (1)`);
  });

  it('cannot be created by a role that may not, which learns what to do; once it is there, all is well', async () => {
    const role = `worker_${Date.now()}`;
    await onDatabase(databaseUrl, (sql) => sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`));
    const asWorker = { databaseUrl: asRole(databaseUrl, role, 'secret') };
    await assert.rejects(
      setUpSchema(asWorker),
      (error) => error instanceof SmsError && error.message.includes('may not create the schema'),
    );
    await setUpSchema({ databaseUrl, grantTo: role });
    assert.equal((await setUpSchema(asWorker)).applied, 0);
  });

  async function assertRefused(setUp: Promise<unknown>, message: RegExp): Promise<void> {
    assert.match((await expectSmsError(setUp, 'DATABASE_UNAVAILABLE')).message, message);
  }

  /** A role without rights, and the address of the database for it. */
  async function createRole(options = ''): Promise<{ role: string; asTheRole: { databaseUrl: string } }> {
    const role = `role_${randomUUID().replaceAll('-', '')}`;
    await onDatabase(databaseUrl, (admin) =>
      admin.unsafe(
        `CREATE ROLE ${role} LOGIN PASSWORD 'secret'; ${options.replaceAll('ROLE', `ROLE ${role}`)}`,
      ),
    );
    return { role, asTheRole: { databaseUrl: asRole(databaseUrl, role, 'secret') } };
  }

  it('is refused to a role that is read-only, as the worker’s is, with what to do', async () => {
    const { asTheRole } = await createRole('ALTER ROLE SET default_transaction_read_only = on');
    await assertRefused(setUpSchema(asTheRole), /the role is read-only, as the worker’s is.*\(25006\)/);
  });

  for (const options of ['', 'ALTER ROLE SET default_transaction_read_only = on']) {
    it(`names the command that grants, to a role that lacks the grants: ${options || 'any role'}`, async () => {
      await setUpSchema({ databaseUrl });
      const { asTheRole } = await createRole(options);
      await assertRefused(setUpSchema(asTheRole), /is there, .* run setup --grant ROLE .*owner \(42501\)/);
    });
  }

  it('is not called granted by a role that may not grant', async () => {
    const [{ role, asTheRole }, other] = [await createRole(), await createRole()];
    await setUpSchema({ databaseUrl, grantTo: role });
    const granting = Object.assign({ grantTo: other.role }, asTheRole);
    await assertRefused(setUpSchema(granting), /may not grant rights/);
    assert.equal((await setUpSchema({ databaseUrl, grantTo: other.role })).grantedTo, other.role);
    assert.equal((await setUpSchema(other.asTheRole)).applied, 0);
  });

  it('is set up and granted by many at once', async () => {
    const { role, asTheRole } = await createRole();
    for (let round = 0; round < 3; round++) {
      await onDatabase(databaseUrl, (admin) => admin`DROP SCHEMA IF EXISTS durable_sms CASCADE`);
      const many = Array.from({ length: 10 }, () => setUpSchema({ databaseUrl, grantTo: role }));
      const applied = (await Promise.all(many)).map((done) => done.applied);
      assert.equal(Math.max(...applied), readMigrations().length);
      assert.equal((await setUpSchema(asTheRole)).applied, 0);
    }
  });

  it('waits for a server that starts later, and says once why', async () => {
    const [port, reasons] = [await freePort(), [] as string[]];
    const later = new URL(databaseUrl);
    const to = { host: later.hostname, port: Number(later.port) };
    later.host = `127.0.0.1:${port}`;
    const server = createServer((socket) => socket.pipe(connect(to)).pipe(socket));
    try {
      const { applied } = await setUpSchema({
        databaseUrl: later.href,
        waitMs: 60_000,
        onWait({ message }) {
          reasons.push(message);
          setTimeout(() => server.listen(port, '127.0.0.1'), 2_000);
        },
      });
      assert.equal(applied, readMigrations().length);
    } finally {
      server.close();
    }
    assert.deepEqual(reasons, [
      'PostgreSQL could not be read: nothing listens on the address (ECONNREFUSED).',
    ]);
  });

  it('gives up waiting, with the reason', async () => {
    const url = `postgres://web_app:secret@127.0.0.1:${await freePort()}/web_app`;
    await assertRefused(setUpSchema({ databaseUrl: url, waitMs: 1_500 }), /ECONNREFUSED/);
  });
});
