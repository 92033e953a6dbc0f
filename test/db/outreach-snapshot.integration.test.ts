import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { openDatabase, type Database } from '../../src/db/database.js';
import { momentOf } from '../../src/db/policies/expressions.js';
import { snapshotOf, toSnapshot, type SnapshotRow } from '../../src/db/policies/snapshot.js';
import type { MomentRequest } from '../../src/domain/moment.js';
import { SmsError } from '../../src/domain/errors.js';
import { decideMoment, type MomentSnapshot } from '../../src/policies/decide-moment.js';
import type { OutreachRow } from '../../src/policies/outreach-history.js';
import { addAccount } from '../../tools/dev/demo-account.js';
import { selectHistory } from '../policies/outreach-by-force.js';
import { OPEN_POLICY, policyRows } from '../support/policy-rows.js';
import { createWebAppDatabase } from '../support/shared-parts.js';
import { onDatabase } from './database-fixture.js';

const NOW_MS = Date.UTC(2026, 8, 14, 10);
const HOUR_MS = 3_600_000;

/** How many accounts, each of random rows and with every request there is. */
const ACCOUNTS = 60;

const lanes = fc.constantFrom([''], ['a'], ['', 'a'], ['', 'a', 'b']);

const phoneOf = (index: number) => `+33639980${String(index).padStart(3, '0')}`;

const accounts = lanes.chain((ofAccount) =>
  fc.record({
    limit: fc.integer({ min: 1, max: 9 }),
    rows: fc.array(
      fc.record({
        phone: fc.integer({ min: 1, max: 12 }).map(phoneOf),
        lane: fc.constantFrom(...ofAccount),
        segments: fc.integer({ min: 1, max: 3 }),
        at: fc
          .oneof(
            fc.integer({ min: -40 * 24, max: 5 * 24 }),
            fc.integer({ min: -32 * 24, max: -29 * 24 }),
            fc.integer({ min: -24, max: 24 }),
          )
          .map((hours) => NOW_MS + hours * HOUR_MS),
        state: fc.constantFrom('granted', 'granted', 'granted', 'released'),
      }),
      { maxLength: 40, size: 'max' },
    ),
  }),
);

describe('what PostgreSQL answers of an account’s outreach', () => {
  let url: string;
  let database: Database;
  before(async () => {
    url = await createWebAppDatabase();
    database = openDatabase({ url });
  });
  after(() => database.close());

  /** When a request may be made, or why never. */
  function decide(request: MomentRequest, snapshot: MomentSnapshot): unknown {
    try {
      return decideMoment(request, snapshot, () => 0);
    } catch (error) {
      assert.ok(error instanceof SmsError);
      return error.message;
    }
  }

  it('comes to the same moments as all of it would', async () => {
    for (const { limit, rows } of fc.sample(accounts, { numRuns: ACCOUNTS, seed: 20_260_914 })) {
      const accountId = await addAccount(url, { apiKey: 'k', encryptionKey: 'a'.repeat(64) });
      await policyRows(url).setPolicy(accountId, {
        ...OPEN_POLICY,
        new_recipients_per_30_days: limit,
        per_day: 4,
      });
      await policyRows(url).readInbox(accountId, NOW_MS);
      await insert(accountId, rows);
      for (const lane of ['', 'a', 'b']) {
        for (const recipientPhone of [phoneOf(1), phoneOf(13)]) {
          const request = requestOf(accountId, lane, recipientPhone);
          const [row] = await database.read<SnapshotRow>(snapshotOf(request, momentOf(NOW_MS)));
          assert.ok(row);
          const snapshot = toSnapshot(row);
          const history = selectHistory(rows, lane, recipientPhone, NOW_MS);
          assert.deepEqual(
            decide(request, snapshot),
            decide(request, { ...snapshot, history }),
            JSON.stringify({ limit, rows, lane, recipientPhone }),
          );
        }
      }
    }
  });

  const insert = (accountId: string, rows: readonly OutreachRow[]) =>
    onDatabase(url, async (sqlOf) => {
      const values = rows.map(({ at, ...row }) => ({
        ...row,
        at: new Date(at),
        ticket: randomUUID(),
        account_id: accountId,
        purpose: 'marketing',
      }));
      if (values.length > 0) await sqlOf`INSERT INTO durable_sms.outreach ${sqlOf(values)}`;
    });

  const requestOf = (accountId: string, lane: string, recipientPhone: string): MomentRequest => ({
    ticket: 'a ticket of its own',
    workflowId: 'sms-1',
    accountId,
    recipientPhone,
    lane,
    segments: 1,
    deadlineMs: NOW_MS + 60 * 24 * HOUR_MS,
  });
});
