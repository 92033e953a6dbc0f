import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { tsToMs } from '@temporalio/common/lib/time.js';
import type { SmsJob } from '../../src/client.js';
import { DEFAULT_TIMEOUT_MS, waitUntil } from '../../tools/servers/wait-until.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { RESOLVE_SEND } from '../../src/domain/send-decision.js';
import { expectSmsError } from '../support/expect-failure.js';
import { resetToStart, fetchHistory, sendAttemptsIn } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

const HOUR_MS = 3_600_000;

describe('a scheduled send', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  after(() => fixture.close());

  const handleOf = (workflowId: string) => fixture.temporal.workflow.getHandle(workflowId);
  const requestsTo = ({ recipientPhone }: SmsJob) =>
    fixture.simulator.requests().filter(({ fields }) => fields['recipients'] === recipientPhone);

  /** Starts it as another SDK or the Temporal CLI does, without a start delay. */
  async function byHand(job: object): Promise<string> {
    const workflowId = `by-hand-${randomUUID()}`;
    const { taskQueue, temporal } = fixture;
    await temporal.workflow.start(WORKFLOW_TYPE, { workflowId, taskQueue, args: [job] });
    return workflowId;
  }

  /** Waits until the run itself waits, and says when its timer fires. */
  function firesAt(workflowId: string): Promise<number> {
    return waitUntil('the run to wait', async () => {
      const { events } = await fetchHistory(fixture.temporal, workflowId);
      const timer = events?.find((event) => event.timerStartedEventAttributes);
      return timer && tsToMs(timer.eventTime) + tsToMs(timer.timerStartedEventAttributes?.startToFireTimeout);
    });
  }

  /** Temporal's delays and timers begin when it gets them. */
  function assertNear(actualMs: number, sendAt: Date): void {
    const lateMs = actualMs - sendAt.getTime();
    assert.ok(lateMs >= -1_000 && lateMs <= DEFAULT_TIMEOUT_MS, `${lateMs} ms late`);
  }

  async function assertStillWaits(workflowId: string, job: SmsJob, sendAt: Date): Promise<void> {
    assertNear(await firesAt(workflowId), sendAt);
    const { status, requests, awaits } = await fixture.client.inspect(workflowId);
    assert.equal(status, 'running');
    assert.equal(requests, 0);
    assert.ok(awaits?.what === 'start' || awaits?.what === 'time', awaits?.what);
    assertNear(Date.parse(awaits.at), sendAt);
    assert.equal(requestsTo(job).length, 0);
  }

  for (const [what, update] of [
    ['that no send knows', ['noSuchUpdate', {}]],
    ['that is refused, as nothing is held', [RESOLVE_SEND, { resend: true }]],
    ['that makes no sense', [RESOLVE_SEND, 'whatever']],
  ] as const) {
    it(`waits for the remaining time when an update wakes it ${what}`, async () => {
      const { client } = fixture;
      const job = fixture.job();
      const sendAt = new Date(Date.now() + HOUR_MS);
      const { workflowId } = await client.send(job, { sendAt });
      const [name, arg] = update;
      await assert.rejects(handleOf(workflowId).executeUpdate(name, { args: [arg] }));
      await assertStillWaits(workflowId, job, sendAt);
      await client.cancel(workflowId);
      await expectSmsError(client.get(workflowId).result(), 'CANCELLED');
      assert.equal(requestsTo(job).length, 0);
    });
  }

  it('waits for the remaining time again when it is reset after it was woken', async () => {
    const { client, temporal } = fixture;
    const job = fixture.job();
    const sendAt = new Date(Date.now() + HOUR_MS);
    const { workflowId } = await client.send(job, { sendAt });
    await assert.rejects(handleOf(workflowId).executeUpdate('noSuchUpdate'));
    await firesAt(workflowId);
    await resetToStart(temporal, workflowId);
    await assertStillWaits(workflowId, job, sendAt);
    await handleOf(workflowId).terminate();
    assert.equal(requestsTo(job).length, 0);
  });

  it('is not woken by a signal or a query', async () => {
    const { client } = fixture;
    const job = fixture.job();
    const { workflowId } = await client.send(job, { sendAt: new Date(Date.now() + HOUR_MS) });
    await handleOf(workflowId).signal('anything');
    await fixture.temporal.withDeadline(Date.now() + 1_000, () =>
      assert.rejects(handleOf(workflowId).query('__temporal_workflow_metadata')),
    );
    const { raw } = await handleOf(workflowId).describe();
    assert.equal(raw.pendingWorkflowTask ?? undefined, undefined);
    await client.cancel(workflowId);
    await expectSmsError(client.get(workflowId).result(), 'CANCELLED');
    assert.equal(requestsTo(job).length, 0);
  });

  it('is sent once, and not early, after it was woken', async () => {
    const { client, temporal } = fixture;
    const job = fixture.job();
    const sendAt = new Date(Date.now() + 6_000);
    const sent = await client.send(job, { sendAt });
    await assert.rejects(handleOf(sent.workflowId).executeUpdate('noSuchUpdate'));
    await sent.result();
    const [request, ...more] = requestsTo(job);
    assert.equal(more.length, 0);
    assert.ok(Date.parse(request?.at ?? '') >= sendAt.getTime(), request?.at);
    assert.equal(sendAttemptsIn(await fetchHistory(temporal, sent.workflowId)), 1);
  });

  it('adds no event for its time when the start delay applies', async () => {
    const { client, temporal } = fixture;
    for (const afterMs of [-1_000, 1_500]) {
      const sent = await client.send(fixture.job(), { sendAt: new Date(Date.now() + afterMs) });
      await sent.result();
      assert.equal((await fetchHistory(temporal, sent.workflowId)).events?.length, 13);
    }
  });

  it('waits when started by hand with its time in the job alone', async () => {
    const { client } = fixture;
    const sendAt = new Date(Date.now() + HOUR_MS);
    const job = fixture.job({ options: { sendAt: sendAt.toISOString() } });
    const workflowId = await byHand(job);
    await assertStillWaits(workflowId, job, sendAt);
    assert.equal(
      (await client.inspect(workflowId)).doing,
      `Waiting to send at ${sendAt.toISOString().slice(0, 19)}Z.`,
    );
    await client.cancel(workflowId);
    await expectSmsError(client.get(workflowId).result(), 'CANCELLED');
  });

  for (const [what, options] of [
    ['is none', { sendAt: 'tomorrow' }],
    ['is a day that does not exist', { sendAt: '2030-02-30T12:00:00Z' }],
    ['lies more than a year ahead', { sendAt: '2999-01-01T12:00:00Z' }],
    ['lies after its expiry', { sendAt: '2030-01-02T12:00:00Z', expiresAt: '2030-01-01T12:00:00Z' }],
  ] as const) {
    it(`refuses a run started by hand whose time ${what}`, async () => {
      const { client } = fixture;
      const job = fixture.job({ options });
      const error = await expectSmsError(client.get(await byHand(job)).result(), 'VALIDATION_FAILED');
      assert.match(error.message, /sendAt/);
      assert.equal(requestsTo(job).length, 0);
    });
  }
});
