import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { openDatabase, type Database } from '../../src/db/database.js';
import { openLockedTransactions, type LockedTransactions } from '../../src/db/locked-transactions.js';
import { createPolicies, type Policies } from '../../src/db/policies/policies.js';
import type { ClearanceRequest, MomentRequest } from '../../src/domain/moment.js';
import { addAccount } from '../../tools/dev/demo-account.js';
import { OPEN_POLICY, policyRows, type PolicyRows } from '../support/policy-rows.js';
import { createWebAppDatabase } from '../support/shared-parts.js';
import { onDatabase } from './database-fixture.js';

const WORKERS = 16;

describe('moments that many workers ask for at once', () => {
  let url: string;
  let rows: PolicyRows;
  let workers: { policies: Policies; database: Database; transactions: LockedTransactions }[];

  before(async () => {
    url = await createWebAppDatabase();
    rows = policyRows(url);
    workers = Array.from({ length: WORKERS }, () => {
      const database = openDatabase({ url, maxConnections: 1 });
      const transactions = openLockedTransactions(url);
      return { database, transactions, policies: createPolicies({ database, transactions }) };
    });
  });

  after(async () => {
    for (const { database, transactions } of workers) {
      await Promise.all([database.close(), transactions.close()]);
    }
  });

  async function account(columns: Parameters<PolicyRows['setPolicy']>[1]): Promise<string> {
    const accountId = await addAccount(url, { apiKey: 'k', encryptionKey: 'a'.repeat(64) });
    await rows.setPolicy(accountId, { ...OPEN_POLICY, ...columns });
    await rows.readInbox(accountId);
    return accountId;
  }

  const request = (accountId: string, changes: Partial<MomentRequest> = {}): MomentRequest => ({
    ticket: randomUUID(),
    workflowId: 'sms-1',
    accountId,
    recipientPhone: '+33639980001',
    lane: '',
    segments: 1,
    deadlineMs: Date.now() + 48 * 3_600_000,
    ...changes,
  });

  const policiesOf = (index: number): Policies => {
    const worker = workers[index % WORKERS];
    assert.ok(worker);
    return worker.policies;
  };

  it('break no limit of any minute, and none is given twice', async () => {
    const accountId = await account({ per_minute: 30, segments_per_minute: 50 });
    const asked = Array.from({ length: 96 }, (_, index) =>
      policiesOf(index).reserveMoment(request(accountId, { segments: 1 + (index % 3) })),
    );
    for (const { answer } of await Promise.all(asked)) assert.equal(answer.kind, 'granted');
    const grants = await onDatabase(
      url,
      (sql) => sql<{ at: Date; segments: number }[]>`
        SELECT at, segments FROM durable_sms.outreach WHERE account_id = ${accountId} ORDER BY at`,
    );
    assert.equal(grants.length, 96);
    for (const { at: first } of grants) {
      const within = grants.filter(({ at }) => at >= first && at.getTime() < first.getTime() + 60_000);
      assert.ok(within.length <= 30, `${within.length} within a minute`);
      const segments = within.reduce((sum, row) => sum + row.segments, 0);
      assert.ok(segments <= 50, `${segments} segments within a minute`);
    }
  });

  it('are one and the same for one ticket, from whichever worker', async () => {
    const accountId = await account({});
    const ticket = randomUUID();
    const answers = await Promise.all(
      workers.map(({ policies }) => policies.reserveMoment(request(accountId, { ticket }))),
    );
    assert.equal(answers.length, WORKERS);
    assert.equal((await rows.grants(accountId)).length, 1);
  });

  it('count again what was given back', async () => {
    const accountId = await account({ per_day: 1 });
    const first = request(accountId);
    await policiesOf(0).reserveMoment(first);
    const { answer: next } = await policiesOf(1).reserveMoment(request(accountId));
    assert.ok(next.kind === 'granted' && next.waitMs > 23 * 3_600_000, JSON.stringify(next));
    await policiesOf(2).releaseMoment(first.ticket);
    const clear = await policiesOf(3).clear({ ...first, ticket: first.ticket });
    assert.equal(clear.kind, 'missed');
  });

  it('are not clear outside the hours that hold by then, nor under a policy that is not valid', async () => {
    const accountId = await account({});
    const first = request(accountId);
    await policiesOf(0).reserveMoment(first);
    const clear = async (changes: Partial<ClearanceRequest> = {}) => {
      const clearance = await policiesOf(1).clear(Object.assign({}, first, changes));
      return clearance.kind === 'missed' ? clearance.reason : clearance.kind;
    };
    const set = (columns: Record<string, string>) =>
      onDatabase(
        url,
        (sql) => sql`UPDATE durable_sms.sending_policies SET ${sql(columns)} WHERE account_id = ${accountId}`,
      );
    const outside = 'the moment that was granted is outside the sending hours';
    const hour = Number(
      new Intl.DateTimeFormat('en', { timeZone: 'Europe/Paris', hour: 'numeric', hourCycle: 'h23' }).format(),
    );
    await set({ opens_at: `${(hour + 23) % 24}:00`, closes_at: `${(hour + 2) % 24}:00` });
    assert.equal(await clear(), 'clear');
    assert.equal(await clear({ timeZone: 'Pacific/Auckland' }), outside);
    await set({ days: `{${((new Date().getUTCDay() + 2) % 7) + 1}}` });
    assert.equal(await clear(), outside);
    await set({ days: '{1,2,3,4,5,6,7}', time_zone: 'Nowhere' });
    assert.equal(await clear(), outside);
  });

  it('survive a connection that PostgreSQL ends between two of them', async () => {
    const accountId = await account({});
    await policiesOf(0).reserveMoment(request(accountId));
    await onDatabase(
      url,
      (sql) => sql`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'durable-sms'`,
    );
    const answers = await Promise.allSettled(
      Array.from({ length: 4 }, () => policiesOf(0).reserveMoment(request(accountId))),
    );
    // The first may notice the loss; the ones after it have a new connection.
    assert.ok(answers.slice(1).every(({ status }) => status === 'fulfilled'));
  });
});
