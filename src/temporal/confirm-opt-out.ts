import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { WORKFLOW_TYPE } from '../domain/names.js';
import { runTimesOf } from '../domain/schedule.js';
import type { SmsJob } from '../domain/sms-job.js';
import { plaintextMemo } from '../encryption/plaintext-memo.js';
import { searchAttribute, searchAttributesOf } from '../workflows/search-attributes.js';
import { askTemporal } from './ask-temporal.js';
import type { RunsOptions } from './runs-options.js';

/** A confirmation, and the id of the one send that may bring it. */
export interface Confirmation {
  readonly accountId: string;
  /** E.164. */
  readonly phone: string;
  readonly workflowId: string;
  readonly message: string;
}

/**
 * Starts the send that confirms an opt-out; once, as its id can be taken only once.
 *
 * @throws Error if Temporal does not answer: it may have been started
 */
export async function confirmOptOut(
  { client, taskQueue, recipientKeys }: Pick<RunsOptions, 'client' | 'taskQueue' | 'recipientKeys'>,
  { accountId, phone, workflowId, message }: Confirmation,
): Promise<void> {
  const job: SmsJob = { accountId, recipientPhone: phone, message };
  const [recipientKey = ''] = recipientKeys(phone);
  await askTemporal('start the confirmation of an opt-out', async () => {
    try {
      await client.workflow.start(WORKFLOW_TYPE, {
        workflowId,
        taskQueue,
        args: [job],
        staticSummary: 'The confirmation of an opt-out',
        memo: plaintextMemo({ accountId }),
        typedSearchAttributes: [
          ...searchAttributesOf({ accountId }),
          searchAttribute('SmsRecipientKey', recipientKey),
        ],
        priority: { fairnessKey: accountId },
        workflowRunTimeout: runTimesOf(job, Date.now()).runTimeoutMs,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  });
}
