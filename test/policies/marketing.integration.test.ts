import assert from 'node:assert/strict';
import { onDatabase } from '../db/database-fixture.js';
import { expectSmsError } from '../support/expect-failure.js';
import { OPEN_POLICY, policyRows, type PolicyRows } from '../support/policy-rows.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { fetchHistory } from '../support/run-history.js';
import { waitUntil } from '../../tools/servers/wait-until.js';

describe('a marketing message', () => {
  let fixture: SendFixture;
  let rows: PolicyRows;

  before(async () => {
    fixture = await createSendFixture({
      change: (ports) => ({ ...ports, inboxes: { readSoon: () => Promise.resolve() } }),
    });
    rows = policyRows(fixture.databaseUrl);
    await rows.setPolicy(fixture.accountId, OPEN_POLICY);
    await rows.readInbox(fixture.accountId);
  });

  after(() => fixture.close());

  it('is sent at once within the hours and limits', async () => {
    const job = fixture.job({ options: { purpose: 'marketing' }, metadata: { huntId: 'hunt-1' } });
    const sent = await fixture.client.send(job);
    assert.equal((await sent.result()).success, true);
    const history = await fetchHistory(fixture.temporal, sent.workflowId);
    assert.equal(history.events?.length, 19);
    const [grant, ...others] = await rows.grants(fixture.accountId);
    assert.equal(grant?.state, 'granted');
    assert.deepEqual(others, []);
  });

  it('waits while the inbox was not read, and says so', async () => {
    const accountId = await fixture.addAccount(fixture.apiKey);
    await rows.setPolicy(accountId, OPEN_POLICY);
    const sent = await fixture.client.send(fixture.job({ accountId, options: { purpose: 'marketing' } }));
    const report = await waitUntil('the status waiting', async () => {
      const now = await sent.status();
      return now.status === 'waiting' ? now : undefined;
    });
    assert.match(report.reason ?? '', /^Waiting until .*inbox was never read/);
    await rows.readInbox(accountId);
    assert.equal((await sent.result()).success, true);
  });

  it('is not sent at a moment that lies outside the hours by then', async () => {
    const accountId = await fixture.addAccount(fixture.apiKey);
    await rows.setPolicy(accountId, Object.assign({}, OPEN_POLICY, { per_minute: 6 }));
    await rows.readInbox(accountId);
    const marketing = () => fixture.job({ accountId, options: { purpose: 'marketing' } });
    await (await fixture.client.send(marketing())).result();
    const job = marketing();
    const sent = await fixture.client.send(job);
    await waitUntil('its moment', async () => (await sent.status()).status === 'waiting');
    const inTwoDays = ((new Date().getUTCDay() + 2) % 7) + 1;
    await onDatabase(
      fixture.databaseUrl,
      (sql) => sql`
        UPDATE durable_sms.sending_policies SET days = ${`{${inTwoDays}}`} WHERE account_id = ${accountId}`,
    );
    const report = await waitUntil('another moment', async () => {
      const now = await sent.status();
      return now.reason?.includes('outside the sending hours') === true ? now : undefined;
    });
    assert.equal(report.status, 'waiting');
    const recipients = fixture.simulator.messages().map(({ recipient }) => recipient);
    assert.ok(!recipients.includes(job.recipientPhone));
    await fixture.client.cancel(sent.workflowId);
  });

  it('is refused where no moment is left before it expires', async () => {
    const accountId = await fixture.addAccount(fixture.apiKey);
    const day = new Date().getUTCDay();
    // Open on the day after the day after tomorrow only.
    await rows.setPolicy(accountId, { ...OPEN_POLICY, days: [((day + 2) % 7) + 1] });
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const sent = await fixture.client.send(
      fixture.job({ accountId, options: { purpose: 'marketing', expiresAt } }),
    );
    const error = await expectSmsError(sent.result(), 'MESSAGE_EXPIRED');
    assert.match(error.message, /outside the sending hours of the recipient. The next opening is \d{4}-/);
    assert.deepEqual(await rows.grants(accountId), []);
  });
});
