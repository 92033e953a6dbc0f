import assert from 'node:assert/strict';
import type { SmsJob } from '../../src/client.js';
import { plaintextMemo } from '../../src/encryption/plaintext-memo.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { endedSend } from '../support/started-sends.js';
import { expectSmsError } from '../support/expect-failure.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { assertKind, messagesTo, unknownSend } from './retry-fixture.js';

describe('retries of one send', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  afterEach(() => {
    fixture.simulator.setFaults([]);
  });
  after(() => fixture.close());

  it('starts one retry for repeated calls, at once or later', async () => {
    const { client } = fixture;
    const { job, workflowId } = await endedSend(fixture, [{ kind: 'http-400' }]);
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => client.retry(workflowId)));
    assert.deepEqual(outcomes.map(({ kind }) => kind).sort(), [
      'already-retried',
      'already-retried',
      'already-retried',
      'started',
    ]);
    await client.get(`${workflowId}-retry-1`).result();
    const later = await client.retry(workflowId);
    assertKind(later, 'already-retried');
    assert.equal(later.workflowId, `${workflowId}-retry-1`);
    assert.equal(later.status, 'accepted');
    assert.equal(messagesTo(fixture, job).length, 1);
  });

  it('starts one retry of a send that may be out for two calls at once', async () => {
    const { client } = fixture;
    const { job, workflowId } = await unknownSend(fixture, false);
    const outcomes = await Promise.all([client.retry(workflowId), client.retry(workflowId)]);
    assert.deepEqual(outcomes.map(({ kind }) => kind).sort(), ['already-retried', 'started']);
    await client.get(`${workflowId}-retry-1`).result();
    assert.equal(messagesTo(fixture, job).length, 1);
  });

  it('numbers its retries, and looks for a late message of each earlier send', async () => {
    const { client } = fixture;
    const { job, workflowId } = await unknownSend(fixture, true);
    fixture.simulator.setFaults([{ kind: 'http-400', times: 1, number: job.recipientPhone }]);
    // Forced, though the message is in the log.
    const forced = await client.retry(workflowId, { force: true });
    assertKind(forced, 'started');
    await expectSmsError(client.get(forced.workflowId).result(), 'MESSAGE_SEND_FAILED');
    const outcome = await client.retry(forced.workflowId);
    assertKind(outcome, 'was-sent');
    assert.equal(outcome.workflowId, workflowId);
    assert.equal(messagesTo(fixture, job).length, 1);

    const { workflowId: base } = await endedSend(fixture, [{ kind: 'http-400' }, { kind: 'http-403' }]);
    const first = await client.retry(base);
    assertKind(first, 'started');
    await expectSmsError(client.get(first.workflowId).result(), 'API_KEY_INVALID');
    const second = await client.retry(first.workflowId);
    assertKind(second, 'started');
    assert.equal(second.workflowId, `${base}-retry-2`);
    const old = await client.retry(base);
    assertKind(old, 'already-retried');
    assert.deepEqual({ status: old.status, code: old.code }, { status: 'failed', code: 'API_KEY_INVALID' });
  });

  /** Starts a send without our client, under any workflow id, described as our client does. */
  async function startByHand(workflowId: string, job: SmsJob, temporal = fixture.temporal): Promise<void> {
    const { taskQueue } = fixture;
    const memo = plaintextMemo({ accountId: job.accountId, ...job.metadata });
    const run = await temporal.workflow.start(WORKFLOW_TYPE, { workflowId, taskQueue, args: [job], memo });
    await run.result().catch(() => undefined);
  }

  it('refuses an id that belongs to another job', async () => {
    const { client } = fixture;
    const { workflowId } = await endedSend(fixture, [{ kind: 'http-400' }]);
    await startByHand(`${workflowId}-retry-1`, fixture.job());
    await expectSmsError(client.retry(workflowId), 'IDEMPOTENCY_KEY_REUSED');
  });

  for (const [what, other] of [
    ['recipient', () => ({ recipientPhone: fixture.job().recipientPhone })],
    ['text', () => ({ message: 'Bonsoir' })],
    ['account', async () => ({ accountId: await fixture.addAccount() })],
  ] as const) {
    it(`treats a send as unrelated when its id only looks like a retry's: another ${what}`, async () => {
      const { client, simulator } = fixture;
      const job = fixture.job();
      const base = await client.send(job);
      await base.result();
      const secondJob = { ...job, ...(await other()) };
      const { accountId } = secondJob;
      simulator.setFaults([{ kind: 'http-400', times: 1, number: secondJob.recipientPhone }]);
      await startByHand(`${base.workflowId}-retry-1`, secondJob);
      const outcome = await client.retry(`${base.workflowId}-retry-1`);
      assertKind(outcome, 'started');
      assert.equal(outcome.workflowId, `${base.workflowId}-retry-2`);
      const retry = client.get(outcome.workflowId);
      if (accountId !== job.accountId) {
        await expectSmsError(retry.result(), 'API_KEY_REQUIRED');
        return;
      }
      const { messageId } = await retry.result();
      assert.ok(
        messagesTo(fixture, secondJob).some(({ id, text }) => id === messageId && text === secondJob.message),
      );
      assert.equal(messagesTo(fixture, secondJob).filter(({ text }) => text === secondJob.message).length, 1);
    });
  }

  it('still checks the previous send when its options and ids differ', async () => {
    const { client, simulator } = fixture;
    const job = fixture.job();
    const base = await client.send(job);
    const { messageId } = await base.result();
    simulator.setFaults([{ kind: 'http-400', times: 1, number: job.recipientPhone }]);
    const metadata = { leadId: 'lead-2' };
    const accountId = job.accountId.toUpperCase();
    await startByHand(`${base.workflowId}-retry-1`, { ...job, accountId, metadata });
    const outcome = await client.retry(`${base.workflowId}-retry-1`);
    assertKind(outcome, 'was-sent');
    assert.equal(outcome.messageId, messageId);
  });
});
