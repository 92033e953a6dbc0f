import {
  ActivityCancellationType,
  isCancellation,
  proxyActivities,
  type ActivityOptions,
  type ApplicationFailure,
} from '@temporalio/workflow';
import type { Activities, SendSmsInput, SentSms } from '../activities/types.js';
import { isTransient, NON_RETRYABLE, sentenceFor, type SmsRunErrorCode } from '../domain/errors.js';
import type { PhoneTrouble } from '../domain/moment.js';
import { CONTRADICTED } from '../domain/reconciliation/describe.js';
import type { RequestEnd } from '../domain/reconciliation/event.js';
import { SEND_START_TO_CLOSE_MS } from '../domain/replayed-constants.js';
import { describeFailedRequest } from '../domain/story-sentences.js';
import { formatTimestamp } from '../domain/timestamp.js';
import type { Deadline } from './deadline.js';
import { readActivityFailure, runFailure } from './failures.js';
import type { RunStatus } from './run-status.js';

const SEND_OPTIONS: ActivityOptions = {
  startToCloseTimeout: SEND_START_TO_CLOSE_MS,
  // A message that Temporal would retry by itself may already have gone out.
  retry: { maximumAttempts: 1, nonRetryableErrorTypes: [...NON_RETRYABLE, 'TemporalTimeout:StartToClose'] },
  // A request that is out has an answer, and the answer counts, cancelled or not; one that has not
  // begun ends at once.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

/** How one request ended, when it did not end the run. */
export interface Attempt {
  readonly end: Extract<RequestEnd, { kind: 'accepted' | 'not-sent' | 'unknown' }>;
  /**
   * SEND_OUTCOME_UNKNOWN, for a run that ends with this request's outcome unknown; undefined where
   * it was accepted.
   */
  readonly failure: ApplicationFailure | undefined;
  /** Nothing was requested, as the moment that was granted has passed. */
  readonly isMomentMissed?: true;
  /** What it says of the sending phone that it was not sent. */
  readonly trouble?: PhoneTrouble;
}

/**
 * Makes one request to the provider.
 *
 * @throws ApplicationFailure with a final code, or with MESSAGE_EXPIRED
 */
export async function attemptSend(
  { deadline, status }: { deadline: Deadline; status: Pick<RunStatus, 'setDetails' | 'note'> },
  input: Omit<SendSmsInput, 'deadlineMs'>,
): Promise<Attempt> {
  const { attempt, sealedApiKey: key } = input;
  deadline.check();
  deadline.attempts = attempt;
  const fromMs = Date.now();
  const note = (answer: string) => {
    status.note(`Request ${attempt}: ${answer}.`);
  };
  const unknown = (failure: ApplicationFailure, refusedRunId?: string): Attempt => {
    const { message } = failure;
    const toMs = Date.now();
    return { end: { kind: 'unknown', attempt, fromMs, toMs, key, message, refusedRunId }, failure };
  };
  status.setDetails(
    `Request ${attempt} to SMSMobileAPI, since ${formatTimestamp(fromMs)}. The outcome is known at most ${SEND_START_TO_CLOSE_MS / 1000} s after a worker starts it.`,
  );
  const { sendSms } = proxyActivities<Activities>({
    ...SEND_OPTIONS,
    summary: `Request ${attempt} to SMSMobileAPI`,
  });
  let sent: unknown;
  try {
    sent = await sendSms({ ...input, deadlineMs: deadline.atMs });
  } catch (error) {
    // Only an activity that never began ends as cancelled: a running one is not notified.
    if (isCancellation(error)) throw error;
    const { code = 'SEND_OUTCOME_UNKNOWN', message, details, advice } = readActivityFailure(error);
    note(describeFailedRequest({ code, message, ...details }));
    const failure = runFailure(code, { message, details: { attempt, ...details }, cause: error });
    if (code === 'SEND_OUTCOME_UNKNOWN') return unknown(failure, advice.refusedRunId);
    if (!isTransient(code)) throw failure;
    deadline.recordFailure(error);
    const { retryAfterMs, lookBeforeRepeat = false, momentMissed } = advice;
    const reason = message ?? sentenceFor(code);
    return {
      end: {
        kind: 'not-sent',
        attempt,
        fromMs,
        toMs: Date.now(),
        key,
        retryAfterMs,
        lookBeforeRepeat,
        reason,
      },
      failure: contradicted(attempt, error),
      ...(momentMissed === true
        ? { isMomentMissed: true }
        : troubleOf(code, { retryAfterMs, lookBeforeRepeat, httpStatus: details.httpStatus })),
    };
  }
  if (isSentSms(sent)) {
    status.setDetails('SMSMobileAPI accepted the message.');
    note('accepted');
    const { messageId, timestamp } = sent;
    return { end: { kind: 'accepted', messageId, timestamp }, failure: undefined };
  }
  note('completed manually, without a message id');
  return unknown(
    runFailure('SEND_OUTCOME_UNKNOWN', {
      message: 'The request was completed manually, without a message id.',
      details: { attempt },
    }),
  );
}

function troubleOf(
  code: SmsRunErrorCode,
  answer: {
    retryAfterMs: number | undefined;
    lookBeforeRepeat: boolean;
    httpStatus: number | undefined;
  },
): Pick<Attempt, 'trouble'> {
  const { retryAfterMs, lookBeforeRepeat, httpStatus } = answer;
  // Without an answer of the provider, it says nothing about the phone.
  if (httpStatus === undefined) return {};
  const kind = lookBeforeRepeat ? 'offline' : code === 'RATE_LIMITED' ? 'rate-limited' : 'failed';
  return { trouble: { kind, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } };
}

/**
 * The failure for a request whose provider says that it sent nothing, where its sent messages say
 * otherwise.
 */
function contradicted(attempt: number, cause: unknown): ApplicationFailure {
  return runFailure('SEND_OUTCOME_UNKNOWN', { message: CONTRADICTED, details: { attempt }, cause });
}

/** An operator can complete an activity by hand, with any result or none. */
function isSentSms(result: unknown): result is SentSms {
  if (typeof result !== 'object' || result === null) return false;
  const { messageId, timestamp } = result as Partial<Record<keyof SentSms, unknown>>;
  return typeof messageId === 'string' && messageId !== '' && typeof timestamp === 'string';
}
