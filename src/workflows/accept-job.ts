import { workflowInfo } from '@temporalio/workflow';
import { SmsError } from '../domain/errors.js';
import type { SmsJob } from '../domain/sms-job.js';
import { validateSmsJob } from '../domain/validate-sms-job.js';
import { describeRecipient, describeRun } from './describe-run.js';

/**
 * The job of this run, checked again, as anyone can start a run with any input; and the run described by it.
 *
 * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID, MESSAGE_REQUIRED; none is retried
 */
export async function acceptJob(input: unknown): Promise<SmsJob> {
  describeRun(input);
  const { continuedFromExecutionRunId = '', cronSchedule = '' } = workflowInfo();
  if (continuedFromExecutionRunId !== '' || cronSchedule !== '') {
    throw new SmsError('VALIDATION_FAILED', {
      message:
        'A send must not be started with a cron schedule or a workflow retry policy: it would send again.',
    });
  }
  const job = validateSmsJob(input, 'ignore');
  await describeRecipient(job.recipientPhone);
  return job;
}
