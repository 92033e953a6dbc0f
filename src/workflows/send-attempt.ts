import {
  ActivityCancellationType,
  isCancellation,
  proxyActivities,
  type ActivityOptions,
  type ApplicationFailure,
} from '@temporalio/workflow';
import type { Activities, SendSmsInput, SentSms } from '../activities/types.js';
import { mayPass, NEVER_RETRIED, sentenceFor } from '../domain/errors.js';
import { delayBeforeAttempt, SEND_START_TO_CLOSE_MS } from '../domain/schedule.js';
import type { Deadline } from './deadline.js';
import { readActivityFailure, runFailure } from './failures.js';
import { moment } from './moment.js';
import type { RunStatus } from './run-status.js';

const SEND_OPTIONS: ActivityOptions = {
  startToCloseTimeout: SEND_START_TO_CLOSE_MS,
  // Whatever Temporal would retry by itself may already have gone out.
  retry: { maximumAttempts: 1, nonRetryableErrorTypes: [...NEVER_RETRIED, 'TemporalTimeout:StartToClose'] },
  // A request that is out has an answer, and the answer counts, cancelled or not; one that has not begun ends at once.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

/** What one request came to, when it did not end the run. */
export type Attempt = { readonly kind: 'sent'; readonly sent: SentSms } | UnsentAttempt;

/** A request after which the message is not known to be sent. */
export type UnsentAttempt =
  /** Proven not sent, worth another try; `retryAfterMs` is the wait that the provider asked for. */
  | {
      readonly kind: 'not-sent';
      readonly attempt: number;
      /** When the request began and ended, epoch milliseconds. */
      readonly fromMs: number;
      readonly toMs: number;
      /** The API key that it was made with. */
      readonly sealedApiKey: string;
      readonly retryAfterMs: number | undefined;
      /** By the provider's word alone: its sent messages are read before the request is repeated. */
      readonly lookBeforeRepeat: boolean;
      /** The activity's failure. */
      readonly cause: unknown;
      /** A sentence for people. */
      readonly reason: string;
    }
  /** Everything that proves neither: a time-out, a lost worker, a bug. */
  | {
      readonly kind: 'unknown';
      readonly attempt: number;
      /** When the request began and ended, epoch milliseconds. */
      readonly fromMs: number;
      readonly toMs: number;
      /** The API key that it was made with. */
      readonly sealedApiKey: string;
      /** How the run fails if it stays unknown. */
      readonly failure: ApplicationFailure;
      /** The reset run that was kept from sending. */
      readonly refusedRunId: string | undefined;
    };

/**
 * Makes one request to the provider.
 *
 * @throws ApplicationFailure with a final code, or with MESSAGE_EXPIRED
 */
export async function attemptSend(
  { deadline, status }: { deadline: Deadline; status: Pick<RunStatus, 'say'> },
  input: Omit<SendSmsInput, 'deadlineMs'>,
): Promise<Attempt> {
  const { attempt, sealedApiKey } = input;
  deadline.check();
  deadline.attempts = attempt;
  const fromMs = Date.now();
  const unknown = (failure: ApplicationFailure, refusedRunId?: string): Attempt => ({
    ...{ kind: 'unknown', attempt, fromMs, toMs: Date.now(), sealedApiKey, failure, refusedRunId },
  });
  status.say(
    `Request ${attempt} to SMSMobileAPI, since ${moment(fromMs)}. Its answer, or that there is none, is known within ${SEND_START_TO_CLOSE_MS / 1000} s from when a worker takes it.`,
  );
  const { sendSms } = proxyActivities<Activities>({
    ...SEND_OPTIONS,
    summary: `Request ${attempt} to SMSMobileAPI`,
  });
  let sent: unknown;
  try {
    sent = await sendSms({ ...input, deadlineMs: deadline.atMs });
  } catch (error) {
    // Only an activity that never began ends as cancelled: nothing tells one that runs.
    if (isCancellation(error)) throw error;
    const { code = 'SEND_OUTCOME_UNKNOWN', message, details, advice } = readActivityFailure(error);
    const failure = runFailure(code, { message, details: { attempt, ...details }, cause: error });
    if (code === 'SEND_OUTCOME_UNKNOWN') return unknown(failure, advice.refusedRunId);
    if (!mayPass(code)) throw failure;
    deadline.blame(error);
    return {
      ...{ kind: 'not-sent', attempt, fromMs, toMs: Date.now(), sealedApiKey, cause: error },
      retryAfterMs: advice.retryAfterMs,
      lookBeforeRepeat: advice.lookBeforeRepeat === true,
      reason: message ?? sentenceFor(code),
    };
  }
  if (isSentSms(sent)) {
    status.say('SMSMobileAPI took the message.');
    return { kind: 'sent', sent };
  }
  return unknown(
    runFailure('SEND_OUTCOME_UNKNOWN', {
      message: 'The request was completed from outside, without a message id.',
      details: { attempt },
    }),
  );
}

/** An operator can complete an activity by hand, with any result or none. */
function isSentSms(result: unknown): result is SentSms {
  if (typeof result !== 'object' || result === null) return false;
  const { messageId, timestamp } = result as Partial<Record<keyof SentSms, unknown>>;
  return typeof messageId === 'string' && messageId !== '' && typeof timestamp === 'string';
}

/** How long to wait before the next request, in milliseconds; no longer than to the deadline. */
export function delayAfter(deadline: Deadline, failed: Extract<UnsentAttempt, { kind: 'not-sent' }>): number {
  const delayMs = delayBeforeAttempt({
    failedAttempt: failed.attempt,
    nowMs: Date.now(),
    deadlineMs: deadline.atMs,
    jitter: Math.random(),
    retryAfterMs: failed.retryAfterMs,
  });
  return Math.max(1, delayMs);
}
