import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { fetchHistory } from './run-history.js';

/** Resets the latest run to the end of its first workflow task, as the Web UI's button does; the new run's id. */
export async function resetToStart(temporal: Client, workflowId: string): Promise<string> {
  const { events } = await fetchHistory(temporal, workflowId);
  const first = events?.find((event) => event.workflowTaskCompletedEventAttributes);
  const { runId } = await temporal.workflowService.resetWorkflowExecution({
    namespace: temporal.options.namespace,
    workflowExecution: { workflowId },
    reason: 'test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: first?.eventId ?? null,
  });
  return runId;
}
