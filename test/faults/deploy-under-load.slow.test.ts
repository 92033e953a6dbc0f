import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import {
  assertEachSentOnce,
  endsOf,
  requestIsOut,
  requestsFor,
  RECONCILED_WITHIN_MS,
  startFaultySend,
  type StartedSend,
} from '../support/started-sends.js';
import { startWorker, workerEnvironment, type RunningWorker } from '../support/worker-environment.js';

/** The time between two sends of the load. */
const PACE_MS = 1_000;

/** Long enough to ask Temporal which worker has the request. */
const BURST_REPLY_MS = 5_000;

describe('a deploy under load', () => {
  let fixture: SendFixture;
  const workers: RunningWorker[] = [];
  const sends: StartedSend[] = [];
  before(async () => {
    fixture = await createSendFixture({ worker: false });
  });
  after(async () => {
    await Promise.all(workers.map((worker) => worker.process.stop('SIGKILL')));
    await fixture.close();
  });

  async function begin(): Promise<RunningWorker> {
    const worker = await startWorker(await workerEnvironment(fixture));
    workers.push(worker);
    return worker;
  }

  async function send(delayMs: number): Promise<StartedSend> {
    const started = await startFaultySend(fixture, { kind: 'slow-reply', recorded: true, delayMs });
    sends.push(started);
    return started;
  }

  async function isOutFrom({ process }: RunningWorker, { workflowId }: StartedSend): Promise<boolean> {
    const { raw } = await fixture.temporal.workflow.getHandle(workflowId).describe();
    return (raw.pendingActivities ?? []).some(
      ({ activityType, lastWorkerIdentity }) =>
        activityType?.name === 'sendSms' && lastWorkerIdentity?.startsWith(`${process.pid}@`),
    );
  }

  /** Ends a worker that waits for replies, and starts the next one meanwhile. */
  async function replace(leaving: RunningWorker): Promise<void> {
    await waitUntil('the leaving worker to wait for a reply', async () => {
      const burst = await Promise.all(Array.from({ length: 4 }, () => send(BURST_REPLY_MS)));
      await Promise.all(burst.map((started) => requestIsOut(fixture, started)));
      return (await Promise.all(burst.map((started) => isOutFrom(leaving, started)))).includes(true);
    });
    leaving.process.child.kill('SIGTERM');
    const [exitCode] = await Promise.all([leaving.process.ended, begin()]);
    assert.equal(exitCode, 0, leaving.output());
  }

  it('interrupts no request, and loses and duplicates nothing', async function () {
    this.timeout(RECONCILED_WITHIN_MS * 2);
    const [first, second] = await Promise.all([begin(), begin()]);
    const deployed = new AbortController();
    const load = (async () => {
      for (let index = 0; !deployed.signal.aborted; index++) {
        await send(300 + ((index * 400) % 1_300));
        await wait(PACE_MS);
      }
    })();
    try {
      await replace(first);
      await replace(second);
    } finally {
      deployed.abort();
      await load;
    }

    await assertEachSentOnce(fixture, sends);
    const ends = await Promise.all(sends.map((started) => endsOf(fixture, started)));
    // A task that is handed to a poll that is being closed reaches no worker.
    const lost = ends.flat().filter((end) => end === 'timed out').length;
    for (const [index, started] of sends.entries()) {
      const why = `of ${sends.length} sends, ${lost} tasks were lost in closing polls`;
      assert.equal(requestsFor(fixture, started).length, 1, why);
      assert.deepEqual(
        ends[index]?.filter((end) => end !== 'timed out'),
        ['completed'],
        why,
      );
    }
  });
});
