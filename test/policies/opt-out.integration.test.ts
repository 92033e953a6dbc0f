import assert from 'node:assert/strict';
import { CHECK_OPT_OUT } from '../../src/domain/names.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { expectSmsError } from '../support/expect-failure.js';
import { policyRows, type PolicyRows } from '../support/policy-rows.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

describe('a recipient who has opted out', () => {
  let fixture: SendFixture;
  let rows: PolicyRows;

  before(async () => {
    fixture = await createSendFixture();
    rows = policyRows(fixture.databaseUrl);
  });

  after(() => fixture.close());

  const received = (phone: string) =>
    fixture.simulator.messages().filter(({ recipient }) => recipient === phone);

  for (const purpose of ['transactional', 'marketing'] as const) {
    it(`gets no ${purpose} message`, async () => {
      const job = fixture.job({ options: { purpose } });
      await rows.optOut({ accountId: job.accountId, phone: job.recipientPhone });
      const sent = await fixture.client.send(job);
      const error = await expectSmsError(sent.result(), 'RECIPIENT_OPTED_OUT');
      assert.equal(error.details.attempt, 0);
      assert.equal(received(job.recipientPhone).length, 0);
    });
  }

  it('gets messages of other accounts', async () => {
    const job = fixture.job();
    await rows.optOut({ accountId: await fixture.addAccount(), phone: job.recipientPhone });
    const sent = await fixture.client.send(job);
    assert.equal((await sent.result()).success, true);
  });

  it('gets the one message that confirms it', async () => {
    const job = fixture.job();
    const { accountId, recipientPhone: phone } = job;
    const confirmationWorkflowId = `sms-${accountId}-confirmation`;
    await rows.optOut({ accountId, phone, confirmationWorkflowId });
    const confirmation = await fixture.client.send(job, { idempotencyKey: 'confirmation' });
    assert.equal((await confirmation.result()).success, true);
    const another = await fixture.client.send(job, { idempotencyKey: 'another' });
    await expectSmsError(another.result(), 'RECIPIENT_OPTED_OUT');
    assert.equal(received(phone).length, 1);
  });

  it('ends a send in its back-off as soon as it is asked to look', async () => {
    const job = fixture.job();
    const { accountId, recipientPhone: phone } = job;
    fixture.simulator.addFaults({ kind: 'error-2', number: phone });
    const sent = await fixture.client.send(job);
    await waitUntil('some requests', () => fixture.simulator.requests().length > 2);
    await rows.optOut({ accountId, phone });
    await fixture.temporal.workflow.getHandle(sent.workflowId).signal(CHECK_OPT_OUT);
    await expectSmsError(sent.result(), 'RECIPIENT_OPTED_OUT');
    assert.equal(received(phone).length, 0);
  });

  it('ends a send that waits for its time as soon as it is asked to look', async () => {
    const { client, temporal } = fixture;
    const job = fixture.job();
    const { accountId, recipientPhone: phone } = job;
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const sent = await client.send({ ...job, options: { sendAt } });
    const handle = temporal.workflow.getHandle(sent.workflowId);
    // An update wakes it from Temporal's start delay, even one that is refused.
    await assert.rejects(handle.executeUpdate('noSuchUpdate'));
    await rows.optOut({ accountId, phone });
    await handle.signal(CHECK_OPT_OUT);
    await expectSmsError(sent.result(), 'RECIPIENT_OPTED_OUT');
  });

  it('keeps a send reconciled that may have been sent before, and never sends it again', async () => {
    const job = fixture.job({ options: { unknownChecksMs: [1_000, 4_000] } });
    const { accountId, recipientPhone: phone } = job;
    fixture.simulator.addFaults({ kind: 'http-500', number: phone, times: 1 });
    const sent = await fixture.client.send(job);
    await waitUntil('the request', () =>
      fixture.simulator.requests().some(({ fields }) => fields['recipients'] === phone),
    );
    await rows.optOut({ accountId, phone });
    const error = await expectSmsError(sent.result(), 'SEND_OUTCOME_UNKNOWN');
    assert.match(error.message, /may have been sent/);
    const requests = fixture.simulator.requests().filter(({ fields }) => fields['recipients'] === phone);
    assert.equal(requests.length, 1);
  });
});
