import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { onDatabase } from '../db/database-fixture.js';
import { addReply } from '../policies-client/policy-records.js';
import { smsFor, type Sms } from '../support/cli.js';
import { expectSmsError } from '../support/expect-failure.js';
import { OPEN_POLICY, policyRows, type PolicyRows } from '../support/policy-rows.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

describe('opt-outs and policies by command line, while sends wait', () => {
  let fixture: SendFixture;
  let rows: PolicyRows;
  let sms: Sms;
  before(async () => {
    fixture = await createSendFixture({
      change: (ports) => Object.assign({}, ports, { inboxes: { readSoon: () => Promise.resolve() } }),
    });
    rows = policyRows(fixture.databaseUrl);
    sms = await smsFor(fixture, { DATABASE_URL: fixture.databaseUrl });
  });
  after(() => fixture.close());

  /** An account whose marketing messages wait until tomorrow or later. */
  async function addClosedAccount(): Promise<string> {
    const accountId = await fixture.addAccount(fixture.apiKey);
    // Open on the day after the day after tomorrow only.
    await rows.setPolicy(
      accountId,
      Object.assign({}, OPEN_POLICY, { days: [((new Date().getUTCDay() + 2) % 7) + 1] }),
    );
    await rows.readInbox(accountId);
    return accountId;
  }

  /** A send that waits, as Temporal lists it. */
  async function startWaiting(accountId: string, recipientPhone?: string) {
    const job = fixture.job({ accountId, options: { purpose: 'marketing' } });
    const sent = await fixture.client.send(recipientPhone === undefined ? job : { ...job, recipientPhone });
    await waitUntil('the send in the list of those that wait', async () => {
      for await (const { workflowId } of fixture.client.list({
        accountId,
        to: job.recipientPhone,
        status: 'waiting',
      }))
        if (workflowId === sent.workflowId) return true;
      return undefined;
    });
    return { sent, phone: job.recipientPhone };
  }

  const announced = (accountId: string) =>
    onDatabase(fixture.databaseUrl, async (sql) => {
      const found = await sql<{ phone: string; announced: boolean }[]>`
        SELECT phone, announced_at IS NOT NULL AS announced FROM durable_sms.opt_outs WHERE account_id = ${accountId}`;
      return found.map((row) => row.announced);
    });

  it('ends the sends to the number at once, and no others', async () => {
    const accountId = await addClosedAccount();
    const { sent, phone } = await startWaiting(accountId);
    const other = await startWaiting(accountId);
    const ended = await sms(['opt-outs', 'add', '--account', accountId, '--to', phone, '--json']);
    assert.equal(ended.exitCode, 0, ended.stderr);
    assert.deepEqual(JSON.parse(ended.stdout), { accountId, added: true, notified: 1 });
    await expectSmsError(sent.result(), 'RECIPIENT_OPTED_OUT');
    assert.deepEqual(await announced(accountId), [true]);
    assert.equal((await other.sent.status()).status, 'waiting');
    const imported = await sms(['opt-outs', 'import', '--account', accountId, '-', '--json'], {
      input: `${other.phone}\n${phone}`,
    });
    assert.deepEqual(JSON.parse(imported.stdout), { added: 1, existing: 1, notified: 1 });
    await expectSmsError(other.sent.result(), 'RECIPIENT_OPTED_OUT');
    assert.deepEqual(await announced(accountId), [true, true]);
    assert.deepEqual(fixture.simulator.messages(), []);
  });

  it('has the sends of the account go out whose hours have opened', async () => {
    const accountId = await addClosedAccount();
    const { sent } = await startWaiting(accountId);
    const other = await startWaiting(await addClosedAccount());
    const ended = await sms(['policy', 'set', accountId, '--days', 'mon-sun', '--json']);
    assert.equal(ended.exitCode, 0, ended.stderr);
    assert.match(ended.stderr, /^Waiting sends notified: 1\.$/m);
    assert.equal((await sent.result()).success, true);
    assert.equal((await other.sent.status()).status, 'waiting');
  });

  it('confirms a reply, which ends the send that waits for it; dismisses another, which lets it go on', async () => {
    const accountId = await fixture.addAccount(fixture.apiKey);
    await rows.setPolicy(accountId, OPEN_POLICY);
    await rows.readInbox(accountId);
    for (const [decision, check] of [
      ['confirm', (result: Promise<unknown>) => expectSmsError(result, 'RECIPIENT_OPTED_OUT')],
      ['dismiss', (result: Promise<unknown>) => result],
    ] as const) {
      const { recipientPhone: phone } = fixture.job();
      const id = randomUUID();
      await addReply(fixture.databaseUrl, { accountId, id, phone });
      const job = fixture.job({ accountId, recipientPhone: phone, options: { purpose: 'marketing' } });
      const sent = await fixture.client.send(job);
      await waitUntil('the send in the list of those that wait', async () =>
        (await fixture.client.count({ accountId, to: phone, status: 'waiting' })) === 1 ? true : undefined,
      );
      assert.match((await sent.status()).reason ?? '', /may be an opt-out, and waits for a decision/);
      const { exitCode, stdout, stderr } = await sms(['opt-outs', decision, id, '--json']);
      assert.equal(exitCode, 0, stderr);
      assert.equal((JSON.parse(stdout) as { notified: number }).notified, 1);
      await check(sent.result());
    }
  });
});
