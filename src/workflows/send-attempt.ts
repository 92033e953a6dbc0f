import { ActivityCancellationType, isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities, SendSmsInput, SentSms } from '../activities/types.js';
import { mayPass, NEVER_RETRIED } from '../domain/errors.js';
import { delayBeforeAttempt, SEND_START_TO_CLOSE_MS } from '../domain/schedule.js';
import type { Deadline } from './deadline.js';
import { readActivityFailure, runFailure } from './failures.js';

const { sendSms } = proxyActivities<Activities>({
  startToCloseTimeout: SEND_START_TO_CLOSE_MS,
  // Whatever Temporal would retry by itself may already have gone out.
  retry: { maximumAttempts: 1, nonRetryableErrorTypes: [...NEVER_RETRIED, 'TemporalTimeout:StartToClose'] },
  // A request that is out has an answer, and the answer counts, cancelled or not; one that has not begun ends at once.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** What one request came to, when it did not end the run. */
export type Attempt =
  | { readonly kind: 'sent'; readonly sent: SentSms }
  /** Proven not sent, worth another try; `retryAfterMs` is the wait that the provider asked for. */
  | { readonly kind: 'not-sent'; readonly retryAfterMs: number | undefined };

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
  deadline.attempts = input.attempt;
  let sent: unknown;
  try {
    sent = await sendSms({ ...input, deadlineMs: deadline.atMs });
  } catch (error) {
    // Only an activity that never began ends as cancelled: nothing tells one that runs.
    if (isCancellation(error)) throw error;
    const { code = 'SEND_OUTCOME_UNKNOWN', message, details, retryAfterMs } = readActivityFailure(error);
    if (!mayPass(code)) {
      throw runFailure(code, { message, details: { attempt: input.attempt, ...details }, cause: error });
    }
    deadline.blame(error);
    return { kind: 'not-sent', retryAfterMs };
  }
  if (isSentSms(sent)) return { kind: 'sent', sent };
  throw runFailure('SEND_OUTCOME_UNKNOWN', {
    message: 'The request was completed from outside, without a message id.',
    details: { attempt: input.attempt },
  });
}

/** An operator can complete an activity by hand, with any result or none. */
function isSentSms(result: unknown): result is SentSms {
  if (typeof result !== 'object' || result === null) return false;
  const { messageId, timestamp } = result as Partial<Record<keyof SentSms, unknown>>;
  return typeof messageId === 'string' && messageId !== '' && typeof timestamp === 'string';
}

/** Waits until the next request may be made; no longer than to the deadline. */
export async function pauseBeforeNext(
  deadline: Deadline,
  failed: { readonly attempt: number; readonly retryAfterMs: number | undefined },
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
