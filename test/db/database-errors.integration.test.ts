import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { inspect } from 'node:util';
import type postgres from 'postgres';
import { createAccounts } from '../../src/db/accounts.js';
import { openDatabase } from '../../src/db/database.js';
import { translateDatabaseError } from '../../src/db/database-errors.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { createWebAppDatabase } from '../support/shared-parts.js';
import { asRole, askOnce, assertUnavailable, onDatabase } from './database-fixture.js';

const ID = randomUUID();

/** What an operator, a migration or a load can do to the table → the SQLSTATE that comes of it. */
const CHANGES: [string, string, (sql: postgres.Sql) => Promise<unknown>][] = [
  ['the table is missing', '42P01', (sql) => sql`DROP TABLE accounts`],
  ['a column is missing', '42703', (sql) => sql`ALTER TABLE accounts RENAME sms_api_key TO other`],
  ['the id column is missing', '42703', (sql) => sql`ALTER TABLE accounts RENAME id TO other`],
  [
    'the statement takes too long',
    '57014',
    async (sql) => {
      await sql`ALTER TABLE accounts RENAME TO real_accounts`;
      await sql`
        CREATE VIEW accounts AS
        SELECT id, sms_api_key FROM real_accounts
        UNION ALL SELECT ${sql.unsafe(`'${ID}'::uuid`)}, pg_sleep(60)::text`;
    },
  ],
];

describe('an unreadable database', () => {
  for (const [what, sqlState, change] of CHANGES) {
    it(`is DATABASE_UNAVAILABLE when ${what}`, async () => {
      const url = await createWebAppDatabase();
      await onDatabase(url, change);
      await assertUnavailable(askOnce(url, ID, { statementMs: 300, queryMs: 60_000 }), sqlState, { url });
    });
  }

  it('is DATABASE_UNAVAILABLE while the table is locked, and readable once it is unlocked', async () => {
    const url = await createWebAppDatabase();
    const timeouts = { statementMs: 300, queryMs: 60_000 };
    await onDatabase(url, async (sql) => {
      await sql.begin(async (transaction) => {
        await transaction`LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE`;
        await assertUnavailable(askOnce(url, ID, timeouts), '57014', { url });
      });
    });
    assert.equal(await askOnce(url, ID), undefined);
  });

  it('is DATABASE_UNAVAILABLE for a role without the permission', async () => {
    const url = await createWebAppDatabase();
    const role = `guest_${randomBytes(4).toString('hex')}`;
    await onDatabase(url, (sql) => sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'guest-secret-1'`));
    const guest = asRole(url, role, 'guest-secret-1');
    await assertUnavailable(askOnce(guest, ID), '42501', { url: guest });
  });

  it('is DATABASE_UNAVAILABLE for a role with all its connections in use', async () => {
    const url = await createWebAppDatabase();
    const role = `narrow_${randomBytes(4).toString('hex')}`;
    await onDatabase(url, (sql) =>
      sql.unsafe(`CREATE ROLE ${role} LOGIN CONNECTION LIMIT 1 PASSWORD 'n-secret'`),
    );
    const narrow = asRole(url, role, 'n-secret');
    await onDatabase(narrow, async (sql) => {
      await sql`SELECT 1`;
      await assertUnavailable(askOnce(narrow, ID), '53300', { url: narrow });
    });
  });

  it('is DATABASE_UNAVAILABLE with a wrong password', async () => {
    const url = asRole(await createWebAppDatabase(), 'postgres', 'wrong-secret%40:/#');
    await assertUnavailable(askOnce(url, ID), '28P01', { url });
  });

  it('is DATABASE_UNAVAILABLE when the database does not exist', async () => {
    const url = (await createWebAppDatabase()).replace(/[^/]+$/, 'no_such_database');
    await assertUnavailable(askOnce(url, ID), '3D000', { url });
  });

  it('is DATABASE_UNAVAILABLE when nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const url = `postgres://someone:refused-secret@127.0.0.1:${port}/web`;
    await assertUnavailable(askOnce(url, ID), 'ECONNREFUSED', { url });
  });

  it('is DATABASE_UNAVAILABLE when the host is unknown', async () => {
    const url = 'postgres://someone:dns-secret@no-such-host.invalid:5432/web';
    await assertUnavailable(askOnce(url, ID, { queryMs: 60_000 }), /^(ENOTFOUND|EAI_AGAIN)$/, { url });
  });

  describe('behind a proxy that closes every connection at once', () => {
    let connections = 0;
    let server: Server;
    let url: string;
    before(async () => {
      server = createServer((socket) => {
        connections++;
        socket.destroy();
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      url = `postgres://someone:closing-secret@127.0.0.1:${(server.address() as AddressInfo).port}/web`;
    });
    after(() => server.close());

    it('is DATABASE_UNAVAILABLE', async () => {
      await assertUnavailable(askOnce(url, ID), /^(CONNECTION_CLOSED|ECONNRESET|POOL_TIMEOUT)$/, { url });
    });

    it('is not flooded, as one query opens only a few connections', async () => {
      connections = 0;
      await assertUnavailable(askOnce(url, ID), /./, { url });
      assert.ok(connections > 0 && connections <= 50, `one question opened ${connections} connections`);
    });
  });

  it('is DATABASE_UNAVAILABLE when the server never answers', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `postgres://someone:silent-secret@127.0.0.1:${(server.address() as AddressInfo).port}/web`;
    const database = openDatabase({ url, maxConnections: 1, timeouts: { connectMs: 300, queryMs: 60_000 } });
    try {
      const question = createAccounts(database).findEncryptedApiKey(ID);
      await assertUnavailable(question, 'CONNECT_TIMEOUT', { url });
    } finally {
      await database.close();
      server.close();
    }
  });

  it('is DATABASE_UNAVAILABLE while the pool is exhausted, and readable afterwards', async () => {
    const url = await createWebAppDatabase();
    const database = openDatabase({
      url,
      maxConnections: 2,
      timeouts: { statementMs: 60_000, queryMs: 500 },
    });
    const accounts = createAccounts(database);
    try {
      await onDatabase(url, async (sql) => {
        await sql.begin(async (transaction) => {
          await transaction`LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE`;
          const questions = [1, 2, 3].map(() => accounts.findEncryptedApiKey(ID));
          for (const question of questions) await assertUnavailable(question, 'POOL_TIMEOUT', { url });
        });
      });
      const answer = await waitUntil('the pool to be free again', async () => [
        await accounts.findEncryptedApiKey(ID),
      ]);
      assert.deepEqual(answer, [undefined]);
    } finally {
      await database.close();
    }
  });
});

describe('translateDatabaseError', () => {
  const withCode = (code: unknown, extra: object = {}) =>
    Object.assign(new Error('secret text'), { code, ...extra });

  const RECOGNISED: [string, unknown, string][] = [
    ['a SQLSTATE', withCode('57P03'), '57P03'],
    ['a SQLSTATE of a known class', withCode('53200'), '53200'],
    ['what a library wrapped', new Error('Failed query: SELECT 1', { cause: withCode('42P01') }), '42P01'],
    [
      'the first of several addresses',
      new AggregateError([withCode('ECONNREFUSED'), withCode('EHOSTUNREACH')]),
      'ECONNREFUSED',
    ],
    ['a code that is on no list', withCode('99999'), '99999'],
    ['the end of its server', withCode('57P01'), '57P01'],
  ];
  for (const [what, error, code] of RECOGNISED) {
    it(`recognises ${what}`, () => {
      const { message, code: actual } = translateDatabaseError(error);
      assert.equal(actual, 'DATABASE_UNAVAILABLE');
      assert.ok(message.endsWith(` (${code}).`), message);
      assert.ok(!/secret|SELECT/.test(message), message);
    });
  }

  it('distinguishes a lock from a server that cannot do this now', () => {
    assert.match(
      translateDatabaseError(withCode('55P03')).message,
      /another transaction holds a lock \(55P03\)\.$/,
    );
    assert.match(
      translateDatabaseError(withCode('55000')).message,
      /: the server cannot do this now \(55000\)\.$/,
    );
  });

  for (const error of [
    undefined,
    null,
    'secret text',
    { code: '42P01' },
    withCode('secret text'),
    withCode(7),
  ]) {
    it(`says nothing of ${error instanceof Error ? `the code ${JSON.stringify(error.code)}` : inspect(error)}`, () => {
      const { message } = translateDatabaseError(error);
      assert.equal(message, 'PostgreSQL could not be read: unexpected error.');
    });
  }
});
