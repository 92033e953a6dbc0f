import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { SmsJob } from '../../domain/sms-job.js';
import { omitUndefined } from '../../domain/omit-undefined.js';
import { assertSameJob } from '../existing-run.js';
import { createSmsHandle } from '../sms-handle.js';
import type { RetryOutcome } from './retry-outcome.js';

/**
 * The send that has a retry's workflow id already, if there is one.
 *
 * @throws SmsError IDEMPOTENCY_KEY_REUSED if it does another job, ENCRYPTION_KEY_MISSING; errors of
 *   the Temporal client
 */
export async function findRetry(
  client: Client,
  workflowId: string,
  job: SmsJob,
): Promise<Extract<RetryOutcome, { kind: 'already-retried' }> | undefined> {
  try {
    await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
  await assertSameJob(client, workflowId, job);
  const { runId, status, code } = await createSmsHandle(client, workflowId).status();
  return { kind: 'already-retried', workflowId, runId, status, ...omitUndefined({ code }) };
}
