import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { endedSend } from '../support/started-sends.js';
import { expectSmsError } from '../support/expect-failure.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { assertKind, messagesTo } from './retry-fixture.js';

describe('retry of a send that was refused', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  afterEach(() => {
    fixture.simulator.setFaults([]);
  });
  after(() => fixture.close());

  it('starts the same job once the sent messages do not show the refused message', async () => {
    const { client, temporal } = fixture;
    const metadata = { huntId: 'hunt-1', leadId: 'lead-1' };
    const { job, workflowId } = await endedSend(fixture, [{ kind: 'http-400' }], { metadata });
    const outcome = await client.retry(workflowId);
    assertKind(outcome, 'started');
    assert.deepEqual(
      { ...outcome, runId: '' },
      {
        kind: 'started',
        runId: '',
        workflowId: `${workflowId}-retry-1`,
        retryOf: workflowId,
        reconciledFirst: true,
        deadlineRenewed: false,
      },
    );
    const { messageId } = await client.get(outcome.workflowId).result();
    assert.deepEqual(
      messagesTo(fixture, job).map(({ id, text }) => ({ id, text })),
      [{ id: messageId, text: job.message }],
    );
    const { correlationIds } = await client.get(outcome.workflowId).status();
    assert.deepEqual(correlationIds, { ...metadata, accountId: fixture.accountId });
    const describe = (id: string) => temporal.workflow.getHandle(id).describe();
    const [old, retry] = [await describe(workflowId), await describe(outcome.workflowId)];
    const keyOf = ({ typedSearchAttributes }: typeof old) =>
      typedSearchAttributes.getAll().find(({ key }) => key.name === 'SmsRecipientKey')?.value;
    assert.ok(keyOf(old) !== undefined);
    assert.equal(keyOf(retry), keyOf(old));
    assert.deepEqual(retry.memo, old.memo);
  });

  for (const [what, refusal] of [
    ['a refused message', { kind: 'rejected', code: 'MESSAGE_SEND_FAILED', reason: 'refused' }],
    ['a refused key', { kind: 'rejected', code: 'API_KEY_INVALID', reason: 'refused' }],
    [
      'an offline phone',
      {
        kind: 'not-sent',
        code: 'PROVIDER_UNAVAILABLE',
        reason: 'the phone is offline',
        lookBeforeRepeat: true,
      },
    ],
  ] as const) {
    it(`sends nothing again when the sent messages show the message of ${what} all the same`, async () => {
      const lying = await createSendFixture({
        change: (ports) => ({
          ...ports,
          provider: {
            async send(request) {
              await ports.provider.send(request);
              return refusal;
            },
          },
        }),
      });
      try {
        const { client, simulator } = lying;
        // The first look comes too early to show it.
        if (refusal.kind === 'not-sent') simulator.addFaults({ kind: 'log-empty', times: 1 });
        const job = lying.job({ options: { expiresAt: new Date(Date.now() + 4_000).toISOString() } });
        const sent = await client.send(job);
        await sent.result().catch(() => undefined);
        const requests = () => simulator.requests().length;
        const before = requests();
        const outcome = await client.retry(sent.workflowId);
        assertKind(outcome, 'was-sent');
        assert.ok(simulator.messages().some(({ id }) => id === outcome.messageId));
        assert.equal(requests(), before);
      } finally {
        await lying.close();
      }
    });
  }

  it('refuses to retry a refused send while the sent messages cannot be read', async () => {
    const { client, simulator } = fixture;
    const { job, workflowId } = await endedSend(fixture, [{ kind: 'http-400' }]);
    simulator.setFaults([{ kind: 'log-500' }]);
    const outcome = await client.retry(workflowId);
    assertKind(outcome, 'refused');
    assert.equal(outcome.why, 'unresolved');
    assert.equal(messagesTo(fixture, job).length, 0);
  });

  it('refuses a running send, a sent one, one that would fail again, and other workflows', async () => {
    const { client, temporal, taskQueue } = fixture;
    const done = await client.send(fixture.job());
    await done.result();
    const waiting = await client.send(fixture.job(), { sendAt: new Date(Date.now() + 3_600_000) });
    const byHand = `by-hand-${randomUUID()}`;
    const invalid = await temporal.workflow.start(WORKFLOW_TYPE, {
      workflowId: byHand,
      taskQueue,
      args: [{ ...fixture.job(), message: ' ' }],
    });
    await invalid.result().catch(() => undefined);
    for (const [workflowId, why] of [
      [done.workflowId, 'accepted'],
      [waiting.workflowId, 'running'],
      [byHand, 'would-fail-again'],
    ] as const) {
      const outcome = await client.retry(workflowId, { force: true });
      assertKind(outcome, 'refused');
      assert.equal(outcome.why, why);
    }
    await client.cancel(waiting.workflowId);
    await expectSmsError(client.retry(`sms-${randomUUID()}`), 'NOT_FOUND');
  });

  it('gives the new send its own deadline when the old one has passed', async () => {
    const { client } = fixture;
    const expiresAt = new Date(Date.now() + 3_000).toISOString();
    const job = fixture.job({ options: { expiresAt } });
    fixture.simulator.addFaults({ kind: 'error-2', number: job.recipientPhone });
    const sent = await client.send(job);
    await expectSmsError(sent.result(), 'MESSAGE_EXPIRED');
    fixture.simulator.setFaults([]);
    const outcome = await client.retry(sent.workflowId);
    assertKind(outcome, 'started');
    assert.equal(outcome.deadlineRenewed, true);
    await client.get(outcome.workflowId).result();
    assertKind(await client.retry(sent.workflowId), 'already-retried');
  });

  it('encrypts the retry of a send that was refused only for being unencrypted', async () => {
    const strict = await createSendFixture({ requireEncrypted: true });
    try {
      const { client, temporal, taskQueue, simulator } = strict;
      const job = strict.job();
      const { connection, options } = temporal;
      const plain = new Client({ connection, namespace: options.namespace });
      const workflowId = `by-hand-${randomUUID()}`;
      const run = await plain.workflow.start(WORKFLOW_TYPE, { workflowId, taskQueue, args: [job] });
      await run.result().catch(() => undefined);
      await expectSmsError(client.get(workflowId).result(), 'VALIDATION_FAILED');
      const outcome = await client.retry(workflowId);
      assertKind(outcome, 'started');
      const { messageId } = await client.get(outcome.workflowId).result();
      assert.deepEqual(
        simulator.messages().map(({ id, text }) => ({ id, text })),
        [{ id: messageId, text: job.message }],
      );
    } finally {
      await strict.close();
    }
  });
});
