import { workflowInfo } from '@temporalio/workflow';
import { deadlineOf } from '../domain/schedule.js';
import type { SmsJob, SmsResult } from '../domain/sms-job.js';
import { acceptJob } from './accept-job.js';
import { untilDeadline } from './api-key-activities.js';
import { createDeadline } from './deadline.js';
import { endingWell } from './ending.js';
import { attemptSend, pauseBeforeNext } from './send-attempt.js';

/**
 * Sends one SMS: loads the account's encrypted API key, decrypts it, sends; again from the start while nothing was sent and
 * the failure may pass, until the deadline.
 *
 * Fails with an ApplicationFailure whose `type` is one of {@link SmsRunErrorCode}; never retried by Temporal.
 */
export async function sendSmsWorkflow(input: SmsJob): Promise<SmsResult> {
  return await endingWell(async () => {
    const job = await acceptJob(input);
    const { accountId, recipientPhone, message, options } = job;
    const { originalExecutionRunId: originalRunId, startTime } = workflowInfo();
    const deadline = createDeadline(deadlineOf(job, { startedAtMs: startTime.getTime(), nowMs: Date.now() }));

    for (let attempt = 1; ; attempt++) {
      const { encryptedApiKey } = await untilDeadline(deadline, (activities) =>
        activities.loadEncryptedApiKey({ accountId }),
      );
      const { sealedApiKey } = await untilDeadline(deadline, (activities) =>
        activities.decryptApiKey({ encryptedApiKey, originalRunId }),
      );
      const { sendingPhoneId, simSlot } = options ?? {};
      const outcome = await attemptSend(deadline, {
        recipientPhone,
        message,
        ...(sendingPhoneId === undefined ? {} : { sendingPhoneId }),
        ...(simSlot === undefined ? {} : { simSlot }),
        sealedApiKey,
        originalRunId,
        attempt,
      });
      if (outcome.kind === 'sent') return { success: true, ...outcome.sent };
      await pauseBeforeNext(deadline, { attempt, retryAfterMs: outcome.retryAfterMs });
    }
  });
}
