import { workflowInfo } from '@temporalio/workflow';
import { SmsError } from '../domain/errors.js';
import { CLIENT_CLOCK_TOLERANCE_MS } from '../domain/replayed-constants.js';
import { assertWithinYear, sendAtOf } from '../domain/schedule.js';
import type { SmsJob } from '../domain/sms-job.js';
import { validateSmsJob } from '../domain/validate-sms-job.js';
import { describeRecipient, describeRun } from './describe-run.js';
import { refuseCopy } from './input-origin.js';

/**
 * The job of this run, checked again, as anyone can start a run with any input; and the run
 * described by it.
 *
 * @throws SmsError or ApplicationFailure VALIDATION_FAILED, PHONE_NUMBER_INVALID, MESSAGE_REQUIRED,
 *   or SEND_OUTCOME_UNKNOWN in a repeated run; none is retried
 */
export async function acceptJob(input: unknown): Promise<SmsJob> {
  const objection = refuseCopy(input);
  describeRun(input);
  const { continuedFromExecutionRunId = '', cronSchedule = '' } = workflowInfo();
  if (continuedFromExecutionRunId !== '') {
    throw new SmsError('SEND_OUTCOME_UNKNOWN', {
      message:
        'This run repeats an earlier run, which may have sent the message: start sends without cron schedule or retry policy.',
    });
  }
  if (cronSchedule !== '') {
    throw new SmsError('VALIDATION_FAILED', {
      message: 'A send must not have a cron schedule: it would send the message again and again.',
    });
  }
  if (objection !== undefined) throw objection;
  const job = validateSmsJob(input, 'ignore');
  assertWithinYear(sendAtOf(job), Date.now() + CLIENT_CLOCK_TOLERANCE_MS);
  await describeRecipient(job.recipientPhone);
  return job;
}
