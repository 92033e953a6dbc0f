import type { NativeConnection } from '@temporalio/worker';
import { WORKFLOW_TYPE, type SmsStatus } from '../domain/names.js';
import { quote } from '../domain/visibility-query.js';
import { startPoll, type Poll } from './poll.js';
import type { SmsMetrics, UnsentOver } from './sms-metrics.js';

/** Ages that are reported, in milliseconds: how long a phone has not sent what was accepted. */
const AGES_MS: Readonly<Record<UnsentOver, number>> = { '10m': 600_000, '1h': 3_600_000 };

/** Where a send stands that is followed. */
const FOLLOWED: readonly SmsStatus[] = ['accepted', 'resent-accepted'];

/** At most so many are looked at, and counted: one page of Temporal's list. */
const MAX_LISTED = 1_000;

/** The run ids of the sends that are followed now. */
export type ListFollowedRuns = () => Promise<readonly string[]>;

/**
 * Makes it, for the open runs of a task queue.
 *
 * @param options.answerMs how long Temporal may take, in milliseconds
 */
export function createListFollowedRuns(options: {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly answerMs: number;
}): ListFollowedRuns {
  const { connection, namespace, taskQueue, answerMs } = options;
  const query = [
    `WorkflowType = '${WORKFLOW_TYPE}'`,
    `TaskQueue = ${quote(taskQueue)}`,
    `ExecutionStatus = 'Running'`,
    `SmsStatus IN (${FOLLOWED.map(quote).join(', ')})`,
  ].join(' AND ');
  return async () => {
    const { executions } = await connection.withDeadline(Date.now() + answerMs, () =>
      connection.workflowService.listWorkflowExecutions({ namespace, query, pageSize: MAX_LISTED }),
    );
    return executions.map(({ execution }) => execution?.runId ?? '');
  };
}

/**
 * Starts to ask, at once and then every `intervalMs`, how many sends are followed, and for how long
 * their phones have not sent them. Temporal lists when a run was started, not when its message was
 * accepted, and between the two lie hours where a send waited: so the age counts from when this
 * worker first saw the send followed. It is never too high, and begins anew with the worker.
 */
export function startFollowedRunsGauge(options: {
  listFollowedRuns: ListFollowedRuns;
  metrics: Pick<SmsMetrics, 'setFollowed'>;
  intervalMs: number;
  now?: () => number;
}): Poll {
  const { listFollowedRuns, metrics, intervalMs, now = Date.now } = options;
  let seenSinceMs: ReadonlyMap<string, number> = new Map();
  return startPoll(intervalMs, async () => {
    const runIds = await listFollowedRuns();
    const nowMs = now();
    seenSinceMs = new Map(runIds.map((runId) => [runId, seenSinceMs.get(runId) ?? nowMs]));
    const countOlder = (ageMs: number) =>
      [...seenSinceMs.values()].filter((sinceMs) => nowMs - sinceMs >= ageMs).length;
    metrics.setFollowed(seenSinceMs.size, {
      '10m': countOlder(AGES_MS['10m']),
      '1h': countOlder(AGES_MS['1h']),
    });
  });
}
