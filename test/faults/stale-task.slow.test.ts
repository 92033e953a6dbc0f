import assert from 'node:assert/strict';
import proto from '@temporalio/proto';
import { waitUntil } from '../../tools/servers/wait-until.js';
import { startOwnTemporal, type OwnTemporal } from '../support/own-temporal.js';
import { fetchHistory } from '../support/run-history.js';
import { createSendFixture, type SendFixture } from '../support/send-fixture.js';
import { assertEachSentOnce, requestsFor, startSend, type StartedSend } from '../support/started-sends.js';
import { startWorker, workerEnvironment, type RunningWorker } from '../support/worker-environment.js';

const { TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;

/** A worker that wakes later has lost its task: then this proves less. */
const GIVES_UP_WAITING_MS = 66_000;

/**
 * The server hands a task to a worker that waits for one. If that worker is frozen, the task lies
 * unread in its connection, is given up after start-to-close (60 s), and is read when the worker
 * wakes. A worker gives up waiting after 70 s, so it has to wake in between.
 */
describe('a task that a frozen worker reads after it was given up', () => {
  let temporal: OwnTemporal;
  let fixture: SendFixture;
  let frozen: RunningWorker;
  before(async function () {
    this.timeout(180_000);
    // Otherwise the worker that goes on would hand the requests to itself.
    temporal = await startOwnTemporal({ eagerActivities: false });
    fixture = await createSendFixture({ temporal });
    frozen = await startWorker(await workerEnvironment(fixture, { TEMPORAL_ADDRESS: temporal.address }));
  });
  after(async () => {
    await frozen.process.stop('SIGKILL');
    await fixture.close();
    await temporal.close();
  });

  const isOfFrozen = (identity: string | null | undefined) =>
    identity?.startsWith(`${frozen.process.pid}@`) === true;

  async function frozenWaitsForTasks(): Promise<boolean> {
    const { pollers } = await fixture.temporal.workflowService.describeTaskQueue({
      namespace: 'default',
      taskQueue: { name: fixture.taskQueue },
      taskQueueType: TASK_QUEUE_TYPE_ACTIVITY,
    });
    return pollers.some(({ identity }) => isOfFrozen(identity));
  }

  async function liesWithFrozen({ workflowId }: StartedSend): Promise<boolean> {
    const { raw } = await fixture.temporal.workflow.getHandle(workflowId).describe();
    return (raw.pendingActivities ?? []).some(
      ({ activityType, lastWorkerIdentity }) =>
        activityType?.name === 'sendSms' && isOfFrozen(lastWorkerIdentity),
    );
  }

  async function wasStartedByFrozen({ workflowId }: StartedSend): Promise<boolean> {
    const { events } = await fetchHistory(fixture.temporal, workflowId);
    return (events ?? []).some(({ activityTaskStartedEventAttributes: started }) =>
      isOfFrozen(started?.identity),
    );
  }

  it('sends nothing', async function () {
    this.timeout(600_000);
    const { child } = frozen.process;
    const sends: StartedSend[] = [];
    const more = async () => {
      const send = await startSend(fixture, { unknownChecksMs: [200], maxResends: 5 });
      sends.push(send);
      return send;
    };

    await waitUntil('the worker to wait for tasks', frozenWaitsForTasks);
    child.kill('SIGSTOP');
    const stale = await waitUntil('requests that lie with the frozen worker', async () => {
      // Many at once: what the frozen worker gets late is given up too late.
      await Promise.all(Array.from({ length: 12 }, more));
      const lying = await Promise.all(sends.map(liesWithFrozen));
      const found = sends.filter((_, index) => lying[index]);
      return found.length > 2 && found;
    });
    await waitUntil(
      'one of them to be given up, and sent by the other worker',
      () => stale.some((send) => requestsFor(fixture, send).length > 0),
      { timeoutMs: GIVES_UP_WAITING_MS },
    ).catch(() => undefined);
    child.kill('SIGCONT');

    // What it takes anew it reads after what was there before.
    const later: StartedSend[] = [];
    await waitUntil(
      'the worker to take a new task',
      async () => {
        later.push(await more());
        return (await Promise.all(later.map(wasStartedByFrozen))).includes(true);
      },
      { everyMs: 500 },
    );
    child.kill('SIGTERM');
    assert.equal(await frozen.process.ended, 0, frozen.output());
    await assertEachSentOnce(fixture, sends);
  });
});
