import assert from 'node:assert/strict';
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
