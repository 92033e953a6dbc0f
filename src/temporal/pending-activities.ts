import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import type { TasksPort } from '../activities/ports.js';
import { askAboutRun } from './ask-temporal.js';
import type { TemporalClient } from './runs-options.js';

const { PENDING_ACTIVITY_STATE_STARTED } = proto.temporal.api.enums.v1.PendingActivityState;

/** A request waits for this answer, in milliseconds. */
const ANSWER_TIMEOUT_MS = 5_000;

/** Knows which activities Temporal still waits for, from the state of the run itself. */
export function createTasks(client: TemporalClient & Pick<Client, 'withDeadline'>): TasksPort {
  return {
    async findStart({ workflowId, runId, activityId }) {
      const description = await client.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, () =>
        askAboutRun('describe a run', () =>
          client.workflowService.describeWorkflowExecution({
            namespace: client.options.namespace,
            execution: { workflowId, runId },
          }),
        ),
      );
      const pending = description?.pendingActivities.find((activity) => activity.activityId === activityId);
      if (pending?.state !== PENDING_ACTIVITY_STATE_STARTED) return undefined;
      const { lastStartedTime } = pending;
      return { startedAtMs: lastStartedTime ? tsToMs(lastStartedTime) : 0 };
    },
  };
}
