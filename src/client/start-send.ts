import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { plaintextMemo } from '../encryption/plaintext-memo.js';
import { WORKFLOW_TYPE } from '../domain/names.js';
import type { StartRequest } from './start-request.js';

/**
 * Starts the run of a send, unless its workflow id was ever taken.
 *
 * @returns its run id; undefined if the id is taken, by a run that may have ended
 * @throws errors of the Temporal client: it may have been started
 */
export async function startSend(
  client: Client,
  taskQueue: string,
  { workflowId, job, summary, memo, searchAttributes, startDelayMs, runTimeoutMs }: StartRequest,
): Promise<string | undefined> {
  try {
    const { firstExecutionRunId } = await client.workflow.start(WORKFLOW_TYPE, {
      workflowId,
      taskQueue,
      args: [job],
      staticSummary: summary,
      memo: plaintextMemo({ ...memo }),
      typedSearchAttributes: searchAttributes,
      // Accounts take turns where their tasks wait: on a server with fairness on, a large backlog
      // does not hold up the others.
      priority: { fairnessKey: job.accountId },
      // A request that is paused while its worker is lost has no time-out left, and would keep the
      // run open for ever.
      workflowRunTimeout: runTimeoutMs,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      ...(startDelayMs > 0 ? { startDelay: startDelayMs } : {}),
    });
    return firstExecutionRunId;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}
