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
});
