import proto from '@temporalio/proto';
import type { NativeConnection } from '@temporalio/worker';
import type { PollerSight } from './poller-monitor.js';

const { DescribeTaskQueueMode, TaskQueueType } = proto.temporal.api.enums.v1;

const KINDS = {
  workflow: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  activity: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
} as const;

/** Long enough for a server that is well, in milliseconds. */
const ASK_WITHIN_MS = 10_000;

/** Asks Temporal when it last saw the pollers of this identity. Throws if it does not answer. */
export async function describePollers(
  connection: NativeConnection,
  { namespace, taskQueue, identity }: { namespace: string; taskQueue: string; identity: string },
): Promise<PollerSight> {
  const { versionsInfo } = await connection.withDeadline(Date.now() + ASK_WITHIN_MS, () =>
    connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
      // The other mode shows one partition of the queue only, which a worker may not poll for
      // minutes.
      apiMode: DescribeTaskQueueMode.DESCRIBE_TASK_QUEUE_MODE_ENHANCED,
      versions: { unversioned: true, allActive: true },
      taskQueueTypes: Object.values(KINDS),
      reportPollers: true,
    }),
  );
  const infos = Object.values(versionsInfo).map(({ typesInfo }) => typesInfo ?? {});
  const seen = Object.entries(KINDS).map(([kind, type]): [string, number] => {
    const pollers = infos.flatMap((info) => info[type]?.pollers ?? []);
    const own = pollers.filter((poller) => poller.identity === identity);
    return [
      kind,
      Math.max(0, ...own.map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000)),
    ];
  });
  return Object.fromEntries(seen.filter(([, atMs]) => atMs > 0));
}
