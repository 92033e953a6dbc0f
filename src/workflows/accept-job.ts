import { workflowInfo } from '@temporalio/workflow';
import { SmsError } from '../domain/errors.js';
import type { SmsJob } from '../domain/sms-job.js';
import { validateSmsJob } from '../domain/validate-sms-job.js';
import { describeRecipient, describeRun } from './describe-run.js';

/**
 * The job of this run, checked again, as anyone can start a run with any input; and the run described by it.
 *
 * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID, MESSAGE_REQUIRED, or SEND_OUTCOME_UNKNOWN in a repeated run; none is retried
 */
export async function acceptJob(input: unknown): Promise<SmsJob> {
  describeRun(input);
  const { continuedFromExecutionRunId = '', cronSchedule = '' } = workflowInfo();
  if (continuedFromExecutionRunId !== '') {
    throw new SmsError('SEND_OUTCOME_UNKNOWN', {
      message:
        'This run repeats another, which may have sent: start sends without cron schedule or retry policy.',
    });
  }
  if (cronSchedule !== '') {
    throw new SmsError('VALIDATION_FAILED', {
      message: 'A send must not be started with a cron schedule: it would send again and again.',
    });
  }
  const job = validateSmsJob(input, 'ignore');
  await describeRecipient(job.recipientPhone);
  return job;
}
