import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createSmsClient, type SmsJob } from '../../src/client.js';
import { SmsError } from '../../src/domain/errors.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { startOwnTemporal, type OwnTemporal } from '../support/own-temporal.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import type { SendOrder } from '../support/send-in-process.js';
import { assertEachSentOnce, requestsFor, RECONCILED_WITHIN_MS } from '../support/started-sends.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

const SCRIPT = fileURLToPath(new URL('../support/send-in-process.ts', import.meta.url));

/** A run, or the code of a failure. */
type Answer = { readonly workflowId: string; readonly runId: string } | { readonly code: string };

describe('clients in trouble that use the same idempotency key', () => {
  let temporal: OwnTemporal;
  let fixture: SendFixture;
  const children: ChildProcess[] = [];
  before(async function () {
    this.timeout(180_000);
    temporal = await startOwnTemporal();
    fixture = await createSendFixture({ temporal });
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await fixture.close();
    await temporal.close();
  });

  const optionsFor = (address: string) => ({
    connection: { address },
    payloadKeys: fixture.payloadKeys,
    taskQueue: fixture.taskQueue,
  });

  /** A separate web server that sends this job on request. */
  async function startWebServer(job: SmsJob, idempotencyKey: string): Promise<() => Promise<Answer>> {
    const child = fork(SCRIPT, { env: childEnvironment() });
    children.push(child);
    const order: SendOrder = { options: optionsFor(temporal.address), job, idempotencyKey };
    child.send(order);
    await once(child, 'message');
    return async () => {
      const answer = once(child, 'message');
      child.send('go');
      return ((await answer) as [Answer])[0];
    };
  }

  /** Tries again as long as Temporal cannot be reached, as a web app would. */
  async function insist(job: SmsJob, idempotencyKey: string, first: Promise<Answer>): Promise<Answer> {
    let answer = await first;
    while ('code' in answer && answer.code === 'TEMPORAL_UNAVAILABLE') {
      answer = await (await startWebServer(job, idempotencyKey))();
    }
    return answer;
  }

  it('start one send from two processes while Temporal is killed and started again', async function () {
    this.timeout(RECONCILED_WITHIN_MS * 2);
    const orders = [fixture.job(), fixture.job()].map((job) => ({ job, key: randomUUID() }));
    const servers = await Promise.all(
      orders.map(({ job, key }) => Promise.all([startWebServer(job, key), startWebServer(job, key)])),
    );
    const order = (index: number) =>
      (servers[index] ?? []).map((go) => insist(orders[index]!.job, orders[index]!.key, go()));

    const inTheMoment = order(0);
    await temporal.server.kill();
    const whileAway = order(1);
    await temporal.server.start();

    for (const [index, answers] of [inTheMoment, whileAway].entries()) {
      const [one, other] = await Promise.all(answers);
      const { job, key } = orders[index]!;
      const workflowId = `sms-${job.accountId}-${key}`;
      assert.ok(one && 'runId' in one, JSON.stringify(one));
      assert.deepEqual(one, { workflowId, runId: one.runId });
      assert.deepEqual(other, one);
      await assertEachSentOnce(fixture, [{ job, workflowId }]);
      assert.equal(requestsFor(fixture, { job }).length, 1);
    }
  });

  it('find the run of a client that died before it learned of the start', async function () {
    this.timeout(RECONCILED_WITHIN_MS);
    const proxy = await startTcpProxy({ port: Number(temporal.address.split(':')[1]) });
    const lost = createSmsClient(optionsFor(proxy.address));
    const job = fixture.job();
    const idempotencyKey = randomUUID();
    const workflowId = `sms-${job.accountId}-${idempotencyKey}`;
    let unanswered: Promise<unknown> = Promise.resolve();
    try {
      // Connects.
      await assert.rejects(lost.get(workflowId).status(), { code: 'NOT_FOUND' });
      proxy.freeze('replies');
      unanswered = lost.send(job, { idempotencyKey }).then(
        ({ runId }) => ({ runId }),
        (error: unknown) => error,
      );
      await waitUntil('the run to be started', async () => {
        await fixture.temporal.workflow.getHandle(workflowId).describe();
        return true;
      });
      await proxy.cut();

      const { runId } = await fixture.client.send(job, { idempotencyKey });
      await assertEachSentOnce(fixture, [{ job, workflowId }]);
      assert.equal((await fixture.client.send(job, { idempotencyKey })).runId, runId);
      // The one whose network comes back learns of the same run, or may ask again.
      await proxy.restore();
      const late = await unanswered;
      if (late instanceof SmsError) assert.equal(late.code, 'TEMPORAL_UNAVAILABLE');
      else assert.deepEqual(late, { runId });
      assert.equal(requestsFor(fixture, { job }).length, 1);
    } finally {
      // What is still being tried ends before the network does.
      await proxy.restore();
      await unanswered;
      await lost.close();
      await proxy.close();
    }
  });
});
