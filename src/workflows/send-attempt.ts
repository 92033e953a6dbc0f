import { ActivityCancellationType, isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities, SendSmsInput, SentSms } from '../activities/types.js';
import { mayPass } from '../domain/errors.js';
import { delayBeforeAttempt, SEND_START_TO_CLOSE_MS } from '../domain/schedule.js';
import type { Deadline } from './deadline.js';
import { readActivityFailure, runFailure } from './failures.js';

const { sendSms } = proxyActivities<Activities>({
  startToCloseTimeout: SEND_START_TO_CLOSE_MS,
  // Whatever Temporal would retry by itself may already have gone out.
  retry: { maximumAttempts: 1 },
  // A request that is out has an answer, and the answer counts, cancelled or not; one that has not begun ends at once.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** What one request came to, when it did not end the run. */
export interface Attempt {
  /** Undefined: proven not sent, worth another try. */
  readonly sent?: SentSms;
  /** The wait that the provider asked for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * Makes one request to the provider.
 *
 * @throws ApplicationFailure with a final code, with MESSAGE_EXPIRED, or with SEND_OUTCOME_UNKNOWN for everything that
 *   proves neither: a time-out, a lost worker, a bug
 */
export async function attemptSend(
  deadline: Deadline,
  input: Omit<SendSmsInput, 'deadlineMs'>,
): Promise<Attempt> {
  deadline.check();
  try {
    return { sent: await sendSms({ ...input, deadlineMs: deadline.atMs }) };
  } catch (error) {
    // Only an activity that never began ends as cancelled: nothing tells one that runs.
    if (isCancellation(error)) throw error;
    const { code = 'SEND_OUTCOME_UNKNOWN', message, details, retryAfterMs } = readActivityFailure(error);
    if (!mayPass(code)) {
      throw runFailure(code, { message, details: { attempt: input.attempt, ...details }, cause: error });
    }
    deadline.blame(error);
    return { retryAfterMs };
  }
}

/** Waits until the next request may be made; no longer than to the deadline. */
export async function pauseBeforeNext(
  deadline: Deadline,
  failed: { readonly attempt: number; readonly retryAfterMs?: number | undefined },
): Promise<void> {
  const delayMs = delayBeforeAttempt({
    failedAttempt: failed.attempt,
    nowMs: Date.now(),
    deadlineMs: deadline.atMs,
    jitter: Math.random(),
    retryAfterMs: failed.retryAfterMs,
  });
  await sleep(Math.max(1, delayMs));
}
