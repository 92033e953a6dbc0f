import type { Client } from '@temporalio/client';
import type { TasksPort } from '../activities/ports.js';
import { askAboutRun } from './ask-temporal.js';
import type { TemporalClient } from './runs-options.js';

/** A request waits for this answer, in milliseconds. */
const PATIENCE_MS = 5_000;

/** Knows which activities Temporal still waits for, from the state of the run itself. */
export function createTasks(client: TemporalClient & Pick<Client, 'withDeadline'>): TasksPort {
  return {
    async isAwaited({ workflowId, runId, activityId }) {
      const description = await client.withDeadline(Date.now() + PATIENCE_MS, () =>
        askAboutRun('describe a run', () =>
          client.workflowService.describeWorkflowExecution({
            namespace: client.options.namespace,
            execution: { workflowId, runId },
          }),
        ),
      );
      return description?.pendingActivities.some((pending) => pending.activityId === activityId) ?? false;
    },
  };
}
