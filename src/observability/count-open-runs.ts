import type { NativeConnection } from '@temporalio/worker';
import { WORKFLOW_TYPE, type SmsStatus } from '../domain/names.js';
import { quote } from '../domain/visibility-query.js';

/** Counts the open runs of a task queue. */
export type CountOpenRuns = (status: SmsStatus, accountIds?: readonly string[]) => Promise<number>;

/**
 * Makes it.
 *
 * @param options.answerMs how long Temporal may take, in milliseconds
 */
export function createCountOpenRuns(options: {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly answerMs: number;
}): CountOpenRuns {
  const { connection, namespace, taskQueue, answerMs } = options;
  return async (status, accountIds) => {
    const query = [
      `WorkflowType = '${WORKFLOW_TYPE}'`,
      `TaskQueue = ${quote(taskQueue)}`,
      `ExecutionStatus = 'Running'`,
      `SmsStatus = ${quote(status)}`,
      ...(accountIds === undefined ? [] : [`SmsAccountId IN (${accountIds.map(quote).join(', ')})`]),
    ].join(' AND ');
    const { count } = await connection.withDeadline(Date.now() + answerMs, () =>
      connection.workflowService.countWorkflowExecutions({ namespace, query }),
    );
    return Number(count);
  };
}
