import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { createSmsPolicies } from '../../src/policies-client.js';
import { openDatabase, type Database } from '../../src/db/database.js';
import { openLockedTransactions } from '../../src/db/locked-transactions.js';
import { checkSchema } from '../../src/db/policies/check-schema.js';
import { createPolicies, type Policies } from '../../src/db/policies/policies.js';
import { setUpSchema } from '../../src/db/policies/set-up-schema.js';
import { setApiKey } from '../../src/db/set-api-key.js';
import { openStoredKeys } from '../../src/db/stored-keys.js';
import { addAccount, createWebAppTables } from '../../tools/dev/demo-account.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../tools/servers/embedded-postgres.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { expectSmsError } from '../support/expect-failure.js';
import { policyRows } from '../support/policy-rows.js';
import { cleanUpAtEnd, makeDirectory, sharedGuard } from '../support/scratch.js';
import { onDatabase } from './database-fixture.js';

describe('a standby beside the primary server', () => {
  let primary: EmbeddedPostgres;
  let standby: EmbeddedPostgres;
  let accountId: string;
  /** Both servers, the standby first. */
  const both = (query = '') =>
    primary.url('web').replace('127.0.0.1', `127.0.0.1:${standby.port},127.0.0.1`).concat(query);

  before(async () => {
    const guard = await sharedGuard();
    primary = await startEmbeddedPostgres({ guard, directory: await makeDirectory('primary') });
    cleanUpAtEnd.add(primary.stop);
    const url = await primary.createDatabase('web');
    await createWebAppTables(url);
    standby = await startEmbeddedPostgres({
      guard,
      directory: await makeDirectory('standby'),
      standbyOf: primary,
    });
    cleanUpAtEnd.add(standby.stop);
    accountId = await addAccount(url, { apiKey: 'k', encryptionKey: randomBytes(32).toString('hex') });
  });

  /** What the parts of a worker do, over one address. */
  async function asWorker<T>(
    url: string,
    work: (parts: { database: Database; policies: Policies }) => Promise<T>,
  ): Promise<T> {
    const database = openDatabase({ url, readsPrimary: true });
    const transactions = openLockedTransactions(url);
    try {
      return await work({ database, policies: createPolicies({ database, transactions }) });
    } finally {
      await Promise.all([database.close(), transactions.close()]);
    }
  }

  const request = () => ({
    ticket: randomUUID(),
    workflowId: 'sms-1',
    accountId,
    recipientPhone: '+33639980001',
    lane: '',
    segments: 1,
    deadlineMs: Date.now() + 48 * 3_600_000,
  });

  for (const query of ['', '?target_session_attrs=prefer-standby', '?target_session_attrs=primary']) {
    it(`is skipped by what a worker writes, and by what decides: ${query}`, async () => {
      const url = both(query);
      await setUpSchema({ databaseUrl: url });
      await policyRows(primary.url('web')).readInbox(accountId);
      await asWorker(url, async ({ database, policies }) => {
        assert.equal(await checkSchema(database), 'current');
        const asked = request();
        assert.equal((await policies.reserveMoment(asked)).answer.kind, 'granted');
        await policies.releaseMoment(asked.ticket);
        const [row] = await database.read<{ standby: boolean }>(sql`SELECT pg_is_in_recovery() AS standby`);
        assert.equal(row?.standby, false);
      });
    });
  }

  it('is skipped by the commands and functions that write', async () => {
    const databaseUrl = both();
    assert.equal(await setApiKey(databaseUrl, accountId, 'x'), true);
    const keys = openStoredKeys({ databaseUrl, readOnly: false });
    assert.equal(await keys.replace({ accountId, stored: 'x', next: 'y' }), 'replaced');
    await keys.close();
    const policies = createSmsPolicies({ databaseUrl });
    assert.equal((await policies.policy.set(accountId, { perDay: 7 })).perDay, 7);
    await policies.close();
  });

  it('is refused where it is the only server', async () => {
    const url = standby.url('web');
    await waitUntil('the schema at the standby', () =>
      asWorker(url, async ({ database }) => (await checkSchema(database)) === 'standby'),
    );
    await asWorker(url, async ({ policies }) => {
      const error = await expectSmsError(policies.releaseMoment('x'), 'DATABASE_UNAVAILABLE');
      assert.match(error.message, /a standby takes no writes \(0A000\)/);
    });
  });

  it('takes over, in the middle of the work, once it was promoted', async () => {
    await asWorker(both(), async ({ database, policies }) => {
      await policies.releaseMoment('x');
      await primary.stop();
      const away = await expectSmsError(policies.releaseMoment('x'), 'DATABASE_UNAVAILABLE');
      assert.match(away.message, /WRONG_SERVER|ECONNREFUSED|CONNECTION_CLOSED/);
      await onDatabase(standby.url('web'), (admin) => admin`SELECT pg_promote()`);
      await waitUntil('the new primary server', () =>
        policies.releaseMoment('x').then(
          () => true,
          () => false,
        ),
      );
      assert.equal(await checkSchema(database), 'current');
      assert.equal((await policies.reserveMoment(request())).answer.kind, 'granted');
    });
  });
});
