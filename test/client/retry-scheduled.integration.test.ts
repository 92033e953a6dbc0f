import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { RetryOutcome, SmsJob } from '../../src/client.js';
import { DEFAULT_TIMEOUT_MS, waitUntil } from '../../tools/servers/wait-until.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { smsFor } from '../support/cli.js';
import { expectSmsError } from '../support/expect-failure.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';

const HOUR_MS = 3_600_000;

describe('retry of a send scheduled for later', () => {
  let fixture: SendFixture;
  before(async () => {
    fixture = await createSendFixture();
  });
  after(() => fixture.close());

  const requestsTo = ({ recipientPhone }: SmsJob) =>
    fixture.simulator.requests().filter(({ fields }) => fields['recipients'] === recipientPhone);
  const handleOf = (workflowId: string) => fixture.temporal.workflow.getHandle(workflowId);

  const endings = {
    async cancelled(workflowId: string) {
      await fixture.client.cancel(workflowId);
      await expectSmsError(fixture.client.get(workflowId).result(), 'CANCELLED');
    },
    async terminated(workflowId: string) {
      await handleOf(workflowId).terminate();
    },
    async 'woken by an update and cancelled'(workflowId: string) {
      await assert.rejects(handleOf(workflowId).executeUpdate('noSuchUpdate'));
      await endings.cancelled(workflowId);
    },
  };

  /** Temporal's delay begins when it gets the start. */
  function assertNear(actualMs: number, sendAt: Date): void {
    const lateMs = actualMs - sendAt.getTime();
    assert.ok(lateMs >= -1_000 && lateMs <= DEFAULT_TIMEOUT_MS, `${lateMs} ms late`);
  }

  /** Asserts that the retry is there, keeps the time, and has not been sent. */
  async function assertKeeps(
    retry: string,
    { job, sendAt, outcome }: { job: SmsJob; sendAt: Date; outcome: RetryOutcome },
  ): Promise<void> {
    assert.equal(outcome.kind, 'started');
    assert.ok('sendAt' in outcome);
    assert.equal(outcome.sendAt, sendAt.toISOString());
    const { executionTime } = await handleOf(retry).describe();
    assertNear(executionTime?.getTime() ?? 0, sendAt);
    // An update wakes it: it knows its time by itself.
    await assert.rejects(handleOf(retry).executeUpdate('noSuchUpdate'));
    await waitUntil('the retry to wait by itself', async () => {
      const { events } = await handleOf(retry).fetchHistory();
      return events?.some((event) => event.timerStartedEventAttributes);
    });
    assert.equal(requestsTo(job).length, 0);
  }

  for (const [how, end] of Object.entries(endings)) {
    it(`keeps the time when the send was ${how}, and starts one retry`, async () => {
      const { client } = fixture;
      const job = fixture.job();
      const sendAt = new Date(Date.now() + HOUR_MS);
      const { workflowId } = await client.send(job, { sendAt });
      await end(workflowId);
      const planned = await client.retry(workflowId, { dryRun: true });
      assert.ok(planned.kind === 'would-start');
      assert.equal(planned.sendAt, sendAt.toISOString());
      const outcome = await client.retry(workflowId);
      await assertKeeps(`${workflowId}-retry-1`, { job, sendAt, outcome });
      assert.equal((await client.retry(workflowId)).kind, 'already-retried');

      await endings.cancelled(`${workflowId}-retry-1`);
      const second = await client.retry(`${workflowId}-retry-1`, { force: true });
      await assertKeeps(`${workflowId}-retry-2`, { job, sendAt, outcome: second });
      await endings.cancelled(`${workflowId}-retry-2`);
      assert.equal(requestsTo(job).length, 0);
    });
  }

  it('keeps the time when the send was started by hand with a start delay alone, and stays one retry', async () => {
    const { client, temporal, taskQueue } = fixture;
    const job = fixture.job();
    const workflowId = `by-hand-${randomUUID()}`;
    await temporal.workflow.start(WORKFLOW_TYPE, {
      workflowId,
      taskQueue,
      args: [job],
      startDelay: 8_000,
    });
    const { executionTime } = await handleOf(workflowId).describe();
    assert.ok(executionTime);
    await handleOf(workflowId).terminate();
    const outcome = await client.retry(workflowId);
    await assertKeeps(`${workflowId}-retry-1`, { job, sendAt: executionTime, outcome });
    await client.get(`${workflowId}-retry-1`).result();
    const [request, ...more] = requestsTo(job);
    assert.equal(more.length, 0);
    assert.ok(Date.parse(request?.at ?? '') >= executionTime.getTime());
    assert.equal((await client.retry(workflowId)).kind, 'already-retried');
  });

  it('sends at once when the time has passed, and keeps the job', async () => {
    const { client, temporal } = fixture;
    const job = fixture.job();
    const { workflowId } = await client.send(job, { sendAt: new Date(Date.now() + 1_000) });
    await handleOf(workflowId).terminate();
    await waitUntil('the time to pass', async () => {
      const { executionTime } = await temporal.workflow.getHandle(workflowId).describe();
      return executionTime !== undefined && executionTime.getTime() < Date.now();
    });
    const outcome = await client.retry(workflowId);
    assert.ok(outcome.kind === 'started');
    assert.equal(outcome.sendAt, undefined);
    await client.get(outcome.workflowId).result();
    assert.equal((await client.retry(workflowId)).kind, 'already-retried');
    assert.equal(requestsTo(job).length, 1);
  });

  it('keeps the time in durable-sms retry --error CANCELLED, and shows it in durable-sms retry ID', async () => {
    const { client } = fixture;
    const sms = await smsFor(fixture);
    const huntId = `hunt-${randomUUID()}`;
    const sendAt = new Date(Date.now() + HOUR_MS);
    const jobs = [fixture.job({ metadata: { huntId } }), fixture.job({ metadata: { huntId } })];
    const ids: string[] = [];
    for (const job of jobs) {
      const { workflowId } = await client.send(job, { sendAt });
      ids.push(workflowId);
      await endings.cancelled(workflowId);
    }
    await waitUntil(
      'both to be listed as cancelled',
      async () => (await client.count({ huntId, status: 'cancelled' })) === 2,
    );
    const dry = await sms(['retry', ids[0]!, '--dry-run']);
    assert.equal(
      dry.stdout,
      `The message was not sent. Would start ${ids[0]!}-retry-1. It keeps its time to send, ${sendAt.toISOString()}.`,
    );
    const many = await sms(['retry', '--error', 'CANCELLED', '--hunt', huntId, '--yes']);
    assert.equal(many.exitCode, 0, many.stderr);
    assert.equal(many.stdout, '2 started.');
    for (const [index, id] of ids.entries()) {
      const { awaits } = await client.inspect(`${id}-retry-1`);
      assert.equal(awaits?.what, 'start');
      assertNear(Date.parse(awaits.at), sendAt);
      assert.equal(requestsTo(jobs[index]!).length, 0);
      await endings.cancelled(`${id}-retry-1`);
    }
  });
});
