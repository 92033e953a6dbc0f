import { WorkflowFailedError, type Client } from '@temporalio/client';
import { plaintextMemo } from '../../encryption/plaintext-memo.js';
import { RECONCILE_WORKFLOW_TYPE } from '../../domain/names.js';
import type { SmsJob } from '../../domain/sms-job.js';
import { omitUndefined } from '../../domain/omit-undefined.js';
import type { ReconcileSendInput, ReconcileSendResult } from '../../workflows/reconcile-send.js';
import { waitForEnd } from '../wait-for-end.js';
import type { UnreconciledRun } from './plan-retry.js';

/** How long one check of the sent messages may take: without a worker, it would wait forever. */
const RECONCILE_TIMEOUT_MS = 5 * 60_000;

/**
 * Has a worker ask the provider's list of sent messages whether a run was sent; waits until the
 * answer counts. One check for all callers that ask at the same time; nothing is lost if the one
 * who asks goes away.
 *
 * @throws errors of the Temporal client
 */
export async function reconcileRun(
  client: Client,
  taskQueue: string,
  {
    run: { owner, fromMs, toMs, requestedWith, believedFromMs },
    job: { accountId, recipientPhone, message },
    nowMs,
  }: { readonly run: UnreconciledRun; readonly job: SmsJob; readonly nowMs: number },
): Promise<ReconcileSendResult> {
  const input: ReconcileSendInput = omitUndefined({
    accountId,
    recipientPhone,
    message,
    owner,
    fromMs,
    toMs,
    believedFromMs,
    requestedWith,
  });
  try {
    const handle = await client.workflow.start<(input: ReconcileSendInput) => Promise<ReconcileSendResult>>(
      RECONCILE_WORKFLOW_TYPE,
      {
        workflowId: `sms-reconcile-${owner.originalRunId}`,
        taskQueue,
        args: [input],
        memo: plaintextMemo({ accountId, workflowId: owner.workflowId }),
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowRunTimeout: Math.max(0, believedFromMs - nowMs) + RECONCILE_TIMEOUT_MS,
      },
    );
    return await waitForEnd(handle);
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return { verdict: 'unreadable', reason: 'no worker has checked the sent messages' };
  }
}
