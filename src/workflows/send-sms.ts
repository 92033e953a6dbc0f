import { sleep, workflowInfo } from '@temporalio/workflow';
import type { UnprovenOrigin } from '../activities/types.js';
import { deadlineOf } from '../domain/schedule.js';
import type { SmsJob, SmsResult } from '../domain/sms-job.js';
import { acceptJob } from './accept-job.js';
import { obtainApiKey } from './api-key-activities.js';
import { createDeadline, type Deadline } from './deadline.js';
import { createDecisionDesk } from './decision-desk.js';
import { endingWell } from './ending.js';
import { unprovenOriginOf } from './input-origin.js';
import { createLookBeforeRepeat } from './look-before-repeat.js';
import { moment } from './moment.js';
import type { RunStatus } from './run-status.js';
import { attemptSend, delayAfter } from './send-attempt.js';
import { createSettlement, type ClearedSend, type Settlement } from './settlement.js';
import { waitForSendAt } from './wait-for-send-at.js';

/**
 * Sends one SMS: loads the account's encrypted API key, decrypts it, sends; again from the start while nothing was sent and
 * the failure may pass, until the deadline. What was maybe sent is settled first.
 *
 * Fails with an ApplicationFailure whose `type` is one of {@link SmsRunErrorCode}; never retried by Temporal.
 */
export async function sendSmsWorkflow(input: SmsJob): Promise<SmsResult> {
  return await endingWell(async (status) => {
    const desk = createDecisionDesk();
    const job = await acceptJob(input);
    const { originalExecutionRunId: originalRunId, startTime } = workflowInfo();
    const startedAtMs = startTime.getTime();
    const deadline = createDeadline(deadlineOf(job, { startedAtMs, nowMs: Date.now() }));
    await waitForSendAt(job, status);
    const settlement = createSettlement(job, { deadline, status, desk, originalRunId, startedAtMs });
    try {
      return await send(job, {
        ...{ deadline, settlement, status, originalRunId },
        jobOrigin: unprovenOriginOf(input),
      });
    } catch (error) {
      throw settlement.whatItMeans(error);
    }
  });
}

async function send(
  job: SmsJob,
  context: {
    deadline: Deadline;
    settlement: Settlement;
    status: RunStatus;
    originalRunId: string;
    jobOrigin: UnprovenOrigin | undefined;
  },
): Promise<SmsResult> {
  const { deadline, settlement, status, originalRunId, jobOrigin } = context;
  const { accountId, recipientPhone, message, options } = job;
  const { sendingPhoneId, simSlot } = options ?? {};
  const apiKeyQuery = { accountId, originalRunId, jobOrigin };
  const lookBeforeRepeat = createLookBeforeRepeat(
    { accountId, recipientPhone, message, originalRunId },
    status,
  );
  let cleared: ClearedSend = await obtainApiKey(deadline, apiKeyQuery, status);
  for (let attempt = 1; ; attempt++) {
    let outcome = await attemptSend(
      { deadline, status },
      {
        recipientPhone,
        message,
        ...(sendingPhoneId === undefined ? {} : { sendingPhoneId }),
        ...(simSlot === undefined ? {} : { simSlot }),
        ...cleared,
        originalRunId,
        attempt,
      },
    );
    if (outcome.kind === 'sent') return await settlement.conclude(outcome.sent);
    if (outcome.kind === 'not-sent' && !settlement.inDoubt()) {
      const delayMs = delayAfter(deadline, outcome);
      status.say(`${outcome.reason} Request ${attempt + 1} is made at ${moment(Date.now() + delayMs)}.`);
      await sleep(delayMs);
      const contradicted = await lookBeforeRepeat(outcome);
      if (contradicted === undefined) {
        cleared = await obtainApiKey(deadline, apiKeyQuery, status);
        continue;
      }
      outcome = contradicted;
    }
    const settled = await settlement.settle(outcome);
    if (settled.kind === 'sent') return settled.result;
    cleared = settled.cleared;
  }
}
