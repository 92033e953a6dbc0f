import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import type { SmsErrorCode } from '../../src/domain/errors.js';
import { AUDIT_WORKFLOW_TYPE, RECONCILE_WORKFLOW_TYPE, WORKFLOW_TYPE } from '../../src/domain/names.js';
import { expectSmsError } from '../support/expect-failure.js';
import { activitiesIn, fetchHistory } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

const COPIED = /encrypted for another workflow id and copied into this run/;
const RESTARTED = /started with the copied input of an earlier run/;

describe('an input copied into a new run', () => {
  let fixture: SendFixture;
  let strict: SendFixture;
  before(async () => {
    [fixture, strict] = await Promise.all([
      createSendFixture(),
      createSendFixture({ requireEncrypted: true }),
    ]);
  });
  after(async () => {
    await Promise.all([fixture.close(), strict.close()]);
  });

  /** What Temporal's "start workflow like this one" does: the stored payloads, as they are. */
  async function startWith(
    { temporal, taskQueue }: SendFixture,
    payloads: Payload[],
    { workflowId = `copy-${randomUUID()}`, type = WORKFLOW_TYPE } = {},
  ): Promise<string> {
    await temporal.workflowService.startWorkflowExecution({
      namespace: temporal.options.namespace,
      workflowId,
      requestId: randomUUID(),
      workflowType: { name: type },
      taskQueue: { name: taskQueue },
      input: { payloads },
    });
    return workflowId;
  }

  async function inputOf({ temporal }: SendFixture, workflowId: string): Promise<Payload[]> {
    const { events } = await fetchHistory(temporal, workflowId);
    return events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  }

  async function sendAndCopy(where: SendFixture) {
    const job = where.job();
    const sent = await where.client.send(job);
    await sent.result();
    return { job, workflowId: sent.workflowId, input: await inputOf(where, sent.workflowId) };
  }

  const requestsTo = ({ simulator }: SendFixture, recipientPhone: string) =>
    simulator.requests().filter(({ fields }) => fields['recipients'] === recipientPhone).length;

  async function expectRefusal(where: SendFixture, workflowId: string, words: RegExp): Promise<void> {
    const error = await expectSmsError(where.client.get(workflowId).result(), 'VALIDATION_FAILED');
    assert.match(error.message, words);
    assert.deepEqual(activitiesIn(await fetchHistory(where.temporal, workflowId)), []);
  }

  it('is refused under another workflow id, whether encryption is required or not', async () => {
    for (const where of [fixture, strict]) {
      const { job, input } = await sendAndCopy(where);
      await expectRefusal(where, await startWith(where, input), COPIED);
      assert.equal(requestsTo(where, job.recipientPhone), 1);
    }
  });

  it('is refused under the same workflow id, once the first run has ended', async () => {
    const { job, workflowId, input } = await sendAndCopy(fixture);
    await startWith(fixture, input, { workflowId });
    await expectRefusal(fixture, workflowId, RESTARTED);
    assert.equal(requestsTo(fixture, job.recipientPhone), 1);
  });

  it('is not sent by a retry of the run that refused it', async () => {
    const { job, workflowId, input } = await sendAndCopy(fixture);
    const elsewhere = await startWith(fixture, input);
    await expectRefusal(fixture, elsewhere, COPIED);
    await startWith(fixture, input, { workflowId });
    await expectRefusal(fixture, workflowId, RESTARTED);
    for (const id of [elsewhere, workflowId]) {
      const outcome = await fixture.client.retry(id, { force: true });
      assert.ok(outcome.kind === 'refused' && outcome.why === 'would-fail-again', JSON.stringify(outcome));
    }
    assert.equal(requestsTo(fixture, job.recipientPhone), 1);
  });

  it('is refused when copied from an activity, even if it holds a complete job', async () => {
    const job = fixture.job({ options: { unknownChecksMs: [100] } });
    fixture.simulator.addFaults({ kind: 'http-500', recorded: true, number: job.recipientPhone, times: 1 });
    const sent = await fixture.client.send(job);
    await sent.result();
    const { events } = await fetchHistory(fixture.temporal, sent.workflowId);
    const check = events?.find(
      ({ activityTaskScheduledEventAttributes: scheduled }) =>
        scheduled?.activityType?.name === 'findSentSms',
    );
    const input = check?.activityTaskScheduledEventAttributes?.input?.payloads ?? [];
    await expectRefusal(fixture, await startWith(fixture, input), COPIED);
    assert.equal(requestsTo(fixture, job.recipientPhone), 1);
  });

  for (const type of [RECONCILE_WORKFLOW_TYPE, AUDIT_WORKFLOW_TYPE]) {
    it(`is refused by ${type}`, async () => {
      const { input } = await sendAndCopy(fixture);
      const workflowId = await startWith(fixture, input, { type });
      await expectRefusal(fixture, workflowId, COPIED);
    });
  }

  it('is accepted without a binding, as encrypted by the codec server, unless encryption is required', async () => {
    for (const [where, end] of [
      [fixture, 'sent'],
      [strict, 'VALIDATION_FAILED'],
    ] as const) {
      const { payloadConverter, payloadCodecs } = where.temporal.options.loadedDataConverter;
      const encoded = await payloadCodecs[0]?.encode([payloadConverter.toPayload(where.job())]);
      const handle = where.client.get(await startWith(where, encoded ?? []));
      if (end === 'sent') assert.equal((await handle.result()).success, true);
      else {
        const error = await expectSmsError(handle.result(), end satisfies SmsErrorCode);
        assert.match(error.message, /not bound to a workflow id, which SMS_REQUIRE_ENCRYPTED/);
        assert.equal(where.simulator.messages().length, 1);
      }
    }
  });

  it('is accepted when a client retries a send, or an operator starts one with its own payload', async () => {
    const accountId = await strict.addAccount();
    const failed = await strict.client.send(strict.job({ accountId }));
    await expectSmsError(failed.result(), 'API_KEY_REQUIRED');
    const outcome = await strict.client.retry(failed.workflowId);
    assert.ok(outcome.kind === 'started', JSON.stringify(outcome));
    await expectSmsError(strict.client.get(outcome.workflowId).result(), 'API_KEY_REQUIRED');
    const byHand = await strict.temporal.workflow.start(WORKFLOW_TYPE, {
      taskQueue: strict.taskQueue,
      workflowId: `by-hand-${randomUUID()}`,
      args: [strict.job()],
    });
    await byHand.result();
  });
});
