import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { DRIVER_OPTIONS } from '../../src/db/driver-options.js';
import { setUpSchema } from '../../src/db/policies/set-up-schema.js';
import { createWebAppTables } from '../../tools/dev/demo-account.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../tools/servers/embedded-postgres.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { asRole, onDatabase } from '../db/database-fixture.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import {
  assertEachSentOnce,
  requestIsOut,
  requestsFor,
  startSend,
  waitsForDatabase,
  type StartedSend,
} from '../support/started-sends.js';
import { makeDirectory, sharedGuard } from '../support/scratch.js';

const ROLE = 'sms_worker';

describe('trouble with PostgreSQL', () => {
  let server: EmbeddedPostgres;
  let url: string;
  let fixture: SendFixture;
  before(async function () {
    this.timeout(180_000);
    server = await startEmbeddedPostgres({
      guard: await sharedGuard(),
      directory: await makeDirectory('trouble'),
      settings: { max_connections: '12', superuser_reserved_connections: '1' },
    });
    url = await server.createDatabase('web_app');
    await createWebAppTables(url);
    const password = randomBytes(12).toString('hex');
    await onDatabase(url, async (sql) => {
      await sql.unsafe(`CREATE ROLE ${ROLE} LOGIN PASSWORD '${password}'`);
      await sql.unsafe(`GRANT SELECT (id, sms_api_key) ON accounts TO ${ROLE}`);
    });
    await setUpSchema({ databaseUrl: url, grantTo: ROLE });
    fixture = await createSendFixture({
      databaseUrl: url,
      route: { database: (owner) => Promise.resolve(asRole(owner, ROLE, password)) },
    });
  });
  after(async () => {
    await fixture.close();
    await server.stop();
  });

  const startSends = (count: number) => Promise.all(Array.from({ length: count }, () => startSend(fixture)));
  const run = (statement: string) => onDatabase(url, (sql) => sql.unsafe(statement));

  /**
   * Ends the connections of the worker's pool, in the database `postgres`: the database of the
   * accounts may refuse connections.
   */
  const endWorkersConnections = () =>
    onDatabase(
      server.url('postgres'),
      (sql) =>
        sql`SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'durable-sms'`,
    );

  async function assertWaiting(sends: readonly StartedSend[]): Promise<void> {
    for (const send of sends) {
      await waitsForDatabase(fixture, send);
      assert.equal(requestsFor(fixture, send).length, 0);
    }
  }

  it('lets requests in flight finish, and the others wait, when it restarts during ten sends', async () => {
    const { simulator } = fixture;
    simulator.setFaults({ kind: 'slow-reply', recorded: true, delayMs: 4_000, times: 5 });
    const first = await startSends(5);
    for (const send of first) await requestIsOut(fixture, send);
    await server.stop();
    const second = await startSends(5);
    await assertEachSentOnce(fixture, first);
    await assertWaiting(second);
    await server.start();
    await assertEachSentOnce(fixture, [...first, ...second]);
    assert.equal(simulator.requestCount(), 10);
  });

  it('keeps sends waiting while other clients hold all its connections', async () => {
    await endWorkersConnections();
    const others: postgres.Sql[] = [];
    try {
      await waitUntil('all connections to be taken', async () => {
        const other = postgres(url, { ...DRIVER_OPTIONS, max: 1, idle_timeout: 0 });
        others.push(other);
        const refused = await other`SELECT 1`.then(
          () => undefined,
          (error: unknown) => error,
        );
        return refused instanceof postgres.PostgresError && refused.code === '53300';
      });
      const sends = await startSends(3);
      await assertWaiting(sends);
      await Promise.all(others.map((other) => other.end({ timeout: 1 })));
      await assertEachSentOnce(fixture, sends);
    } finally {
      await Promise.all(others.map((other) => other.end({ timeout: 1 })));
    }
  });

  it('does not stop sends while it is read-only', async () => {
    await run('ALTER DATABASE web_app SET default_transaction_read_only = on');
    try {
      await endWorkersConnections();
      await assert.rejects(run('UPDATE accounts SET email = email'), { code: '25006' });
      await assertEachSentOnce(fixture, await startSends(2));
    } finally {
      await onDatabase(server.url('postgres'), (sql) =>
        sql.unsafe('ALTER DATABASE web_app RESET default_transaction_read_only'),
      );
    }
  });

  const troubles = [
    {
      name: 'while it refuses connections',
      begin: async () => {
        const refuse = 'ALTER DATABASE web_app WITH ALLOW_CONNECTIONS false';
        await onDatabase(server.url('postgres'), (sql) => sql.unsafe(refuse));
        await endWorkersConnections();
      },
      end: () =>
        onDatabase(server.url('postgres'), (sql) =>
          sql.unsafe('ALTER DATABASE web_app WITH ALLOW_CONNECTIONS true'),
        ),
    },
    {
      name: 'while the worker may not read the table',
      begin: () => run(`REVOKE SELECT (id, sms_api_key) ON accounts FROM ${ROLE}`),
      end: () => run(`GRANT SELECT (id, sms_api_key) ON accounts TO ${ROLE}`),
    },
  ];
  for (const { name, begin, end } of troubles) {
    it(`keeps sends waiting ${name}`, async () => {
      await begin();
      try {
        const sends = await startSends(2);
        await assertWaiting(sends);
        await end();
        await assertEachSentOnce(fixture, sends);
      } finally {
        await end();
      }
    });
  }
});
