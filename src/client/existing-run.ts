import type { Client } from '@temporalio/client';
import { differingFields } from '../domain/compare-jobs.js';
import { SmsError } from '../domain/errors.js';
import { WORKFLOW_TYPE } from '../domain/names.js';
import type { SmsJob } from '../domain/sms-job.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { readFirstEvent } from '../temporal/history-events.js';
import { readJob } from './read-job.js';

/**
 * Makes sure that the run that already has this workflow id does the same job, and returns its run
 * id. Temporal itself could only say that the id is taken; a second job under it would vanish.
 *
 * @throws SmsError IDEMPOTENCY_KEY_REUSED, which names the fields that differ and never their
 *   values; PayloadError if that run cannot be decrypted here
 */
export async function assertSameJob(client: Client, workflowId: string, job: SmsJob): Promise<string> {
  const first = await readFirstEvent(client, { workflowId });
  const started = first?.workflowExecutionStartedEventAttributes;
  if (started?.workflowType?.name !== WORKFLOW_TYPE) {
    throw keyReused(workflowId, 'This idempotency key belongs to a run that is not a send.');
  }
  const other = await readJob(client, started.input?.payloads);
  if (other === undefined) {
    throw keyReused(workflowId, 'This idempotency key belongs to a run whose job cannot be read.');
  }
  const fields = differingFields(other, job);
  if (fields.length > 0) {
    const names = fields.join(', ');
    throw keyReused(
      workflowId,
      `This idempotency key belongs to another job: it differs in ${names}. Repeat the first job, or use another key for this one.`,
      fields,
    );
  }
  return started.originalExecutionRunId ?? '';
}

function keyReused(workflowId: string, message: string, fields?: readonly string[]): SmsError {
  return new SmsError('IDEMPOTENCY_KEY_REUSED', {
    workflowId,
    message,
    details: omitUndefined({ fields }),
  });
}
