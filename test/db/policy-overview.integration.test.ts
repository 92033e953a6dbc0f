import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { openDatabase } from '../../src/db/database.js';
import { readOverview } from '../../src/db/policies/overview.js';
import { addOutreach, addReply } from '../policies-client/policy-records.js';
import { policyRows } from '../support/policy-rows.js';
import { createWebAppDatabase } from '../support/shared-parts.js';
import { onDatabase } from './database-fixture.js';

const DAY_MINUTES = 24 * 60;
const PHONE = '+33639980001';

describe('the overview of the policies', () => {
  let url: string;
  beforeEach(async () => {
    url = await createWebAppDatabase();
  });

  async function overview() {
    const database = openDatabase({ url });
    try {
      return await readOverview(database);
    } finally {
      await database.close();
    }
  }

  /** An account that wrote to somebody; its inbox was read, unless it never was. */
  async function account(times: { wroteMinutesAgo?: number; readMinutesAgo?: number }): Promise<string> {
    const accountId = randomUUID();
    const { wroteMinutesAgo: minutesAgo, readMinutesAgo } = times;
    if (minutesAgo !== undefined) await addOutreach(url, { accountId, phone: PHONE, minutesAgo });
    if (readMinutesAgo !== undefined)
      await policyRows(url).readInbox(accountId, Date.now() - readMinutesAgo * 60_000);
    return accountId;
  }

  it('is all zeros where nobody has written to anybody', async () => {
    assert.deepEqual(await overview(), {
      optOuts: { keyword: 0, operator: 0, api: 0 },
      possibleOptOuts: 0,
      grantsAhead: 0,
      phonesClosed: 0,
      closedAccounts: [],
      inboxes: 0,
      inboxesUnread: { '5m': 0, '20m': 0 },
      oldestReadingS: 0,
      unreadAccounts: [],
    });
  });

  it('counts inboxes of accounts that wrote in the last 30 days, or are about to', async () => {
    await account({ wroteMinutesAgo: 10, readMinutesAgo: 1 });
    await account({ wroteMinutesAgo: 2 * DAY_MINUTES, readMinutesAgo: 14 });
    const unread = await account({ wroteMinutesAgo: 29 * DAY_MINUTES, readMinutesAgo: 60 });
    const never = await account({ wroteMinutesAgo: -60 });
    await account({ wroteMinutesAgo: 31 * DAY_MINUTES, readMinutesAgo: DAY_MINUTES });
    await account({ readMinutesAgo: DAY_MINUTES });
    const released = await account({ wroteMinutesAgo: 10, readMinutesAgo: DAY_MINUTES });
    await onDatabase(
      url,
      (sql) => sql`UPDATE durable_sms.outreach SET state = 'released' WHERE account_id = ${released}`,
    );
    const found = await overview();
    assert.equal(found.grantsAhead, 1);
    assert.equal(found.inboxes, 4);
    assert.deepEqual(found.inboxesUnread, { '5m': 3, '20m': 2 });
    assert.ok(found.oldestReadingS >= 3_600 && found.oldestReadingS < 4_000, String(found.oldestReadingS));
    assert.deepEqual([...found.unreadAccounts].sort(), [unread, never].sort());
  });

  it('names accounts whose inbox cannot be read, also before they have written to anybody', async () => {
    const accountId = randomUUID();
    await onDatabase(
      url,
      (sql) => sql`
        INSERT INTO durable_sms.inboxes (account_id, failing_since, failure) VALUES (${accountId}, now(), 'no key')`,
    );
    const { inboxes, unreadAccounts } = await overview();
    assert.equal(inboxes, 0);
    assert.deepEqual(unreadAccounts, [accountId]);
  });

  it('counts phones that fail, until they work again or nobody has tried them for an hour', async () => {
    const ids = Array.from({ length: 3 }, () => randomUUID());
    await onDatabase(url, async (sql) => {
      for (const [index, [failures, minutes]] of [
        [3, 5],
        [3, -61],
        [0, 5],
      ].entries()) {
        await sql`
          INSERT INTO durable_sms.phones (account_id, lane, closed_until, reason, failures, failed_at)
          VALUES (${ids[index] ?? ''}, '', ${new Date(Date.now() + Number(minutes) * 60_000)}, 'offline',
            ${Number(failures)}, now())`;
      }
    });
    const { phonesClosed, closedAccounts } = await overview();
    assert.equal(phonesClosed, 1);
    assert.deepEqual(closedAccounts, [ids[0]]);
  });

  it('counts opt-outs by source, and replies that wait for a person', async () => {
    const accountId = randomUUID();
    await addReply(url, { accountId, id: 'a', phone: PHONE });
    await addReply(url, { accountId, id: 'b', phone: PHONE, kind: 'message' });
    await addReply(url, { accountId, id: 'c', phone: PHONE });
    await onDatabase(url, async (sql) => {
      await sql`UPDATE durable_sms.inbound_messages SET decision = 'dismissed' WHERE provider_id = 'c'`;
      await sql`
        INSERT INTO durable_sms.opt_outs (account_id, phone, source)
        SELECT ${accountId}, '+3363998000' || n, CASE WHEN n < 3 THEN 'keyword' ELSE 'api' END
        FROM generate_series(1, 4) n`;
    });
    const { optOuts, possibleOptOuts } = await overview();
    assert.deepEqual(optOuts, { keyword: 2, operator: 0, api: 2 });
    assert.equal(possibleOptOuts, 1);
  });
});
