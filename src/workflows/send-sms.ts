import { workflowInfo } from '@temporalio/workflow';
import { deadlineOf } from '../domain/schedule.js';
import type { SmsJob, SmsResult } from '../domain/sms-job.js';
import { acceptJob } from './accept-job.js';
import { createDeadline } from './deadline.js';
import { followSend } from './follow.js';
import { unprovenOriginOf } from './input-origin.js';
import { createOperatorDecision } from './operator-decision.js';
import { createOptOutAlarm } from './opt-out-alarm.js';
import { sendAndReconcile } from './reconcile.js';
import { waitForSendAt } from './wait-for-send-at.js';
import { withFailureMapping } from './with-failure-mapping.js';

/**
 * Sends one SMS: loads the account's encrypted API key, decrypts it, sends; again from the start
 * while nothing was sent and the failure may pass, until the deadline. What was maybe sent is
 * reconciled first. What was accepted is followed, if the job says so, until its phone has sent it.
 *
 * Fails with an ApplicationFailure whose `type` is one of {@link SmsRunErrorCode}; never retried by
 * Temporal.
 */
export async function sendSmsWorkflow(input: SmsJob): Promise<SmsResult> {
  return await withFailureMapping(async (status) => {
    const operator = createOperatorDecision();
    const alarm = createOptOutAlarm();
    const job = await acceptJob(input);
    const { originalExecutionRunId: originalRunId, startTime } = workflowInfo();
    const startedAtMs = startTime.getTime();
    const deadline = createDeadline(deadlineOf(job, { startedAtMs, nowMs: Date.now() }));
    const jobOrigin = unprovenOriginOf(input);
    await waitForSendAt({ job, jobOrigin, originalRunId, status, alarm });
    const run = { job, jobOrigin, originalRunId, startedAtMs, deadline, status, operator, alarm };
    const accepted = await sendAndReconcile(run);
    return job.options?.follow === true ? await followSend(run, accepted) : accepted.result;
  });
}
