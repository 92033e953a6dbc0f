import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  isCancellation,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import {
  isSmsRunErrorCode,
  sentenceFor,
  SmsError,
  type RetryAdvice,
  type SmsErrorDetails,
  type SmsRunErrorCode,
} from '../domain/errors.js';
import { searchAttribute } from './search-attributes.js';

/** What an activity's failure says to the workflow. */
export interface ActivityVerdict {
  /** Undefined for whatever carries no code of ours: a time-out, a bug, a worker that went away. */
  readonly code: SmsRunErrorCode | undefined;
  readonly message: string | undefined;
  readonly details: SmsErrorDetails;
  /** The wait that the provider asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined;
}

/** Reads the failure of an activity. */
export function readActivityFailure(error: unknown): ActivityVerdict {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure) || !isSmsRunErrorCode(cause.type)) {
    return { code: undefined, message: undefined, details: {}, retryAfterMs: undefined };
  }
  const [details, advice] = (cause.details ?? []) as [SmsErrorDetails?, RetryAdvice?];
  return {
    code: cause.type,
    message: cause.message,
    details: details ?? {},
    retryAfterMs: advice?.retryAfterMs,
  };
}

/** The failure that a run ends with: its `type` is the code, its cause the activity's failure. */
export function runFailure(
  code: SmsRunErrorCode,
  options: { message?: string | undefined; details?: SmsErrorDetails; cause?: unknown } = {},
): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    message: options.message ?? sentenceFor(code),
    nonRetryable: true,
    details: [options.details ?? {}],
    ...(options.cause instanceof Error ? { cause: options.cause } : {}),
  });
}

/**
 * Runs the workflow's body. A failure with a code marks the run with search attribute `SmsErrorCode`, so that it can be
 * found; a run that was cancelled and may have sent is marked too, and ends as cancelled.
 */
export async function markingFailures<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    const failure = error instanceof SmsError ? fromSmsError(error) : error;
    if (!(failure instanceof ApplicationFailure) || isCancellation(failure)) throw failure;
    if (isSmsRunErrorCode(failure.type))
      upsertSearchAttributes([searchAttribute('SmsErrorCode', failure.type)]);
    const cancelled = CancellationScope.current().consideredCancelled;
    if (cancelled && failure.type === 'SEND_OUTCOME_UNKNOWN')
      throw new CancelledFailure(failure.message, [], failure);
    throw failure;
  }
}

function fromSmsError(error: SmsError): unknown {
  if (!isSmsRunErrorCode(error.code)) return error;
  return runFailure(error.code, { message: error.message, details: error.details });
}
