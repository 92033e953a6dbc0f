import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import { isPayloadErrorType } from '../domain/payload-error.js';
import {
  isSmsRunErrorCode,
  sentenceFor,
  type RetryAdvice,
  type SmsError,
  type SmsErrorDetails,
  type SmsRunErrorCode,
} from '../domain/errors.js';

/** What an activity's failure says to the workflow. */
export interface ActivityVerdict {
  /** Undefined for an error without a code of ours: a time-out, a bug, a worker that went away. */
  readonly code: SmsRunErrorCode | undefined;
  readonly message: string | undefined;
  readonly details: SmsErrorDetails;
  readonly advice: RetryAdvice;
}

/** Reads the failure of an activity. */
export function readActivityFailure(error: unknown): ActivityVerdict {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const nothing = { message: undefined, details: {}, advice: {} };
  if (!(cause instanceof ApplicationFailure)) return { ...nothing, code: undefined };
  // Another worker may have the payload key; nothing of the activity has run.
  if (isPayloadErrorType(cause.type)) {
    const message = 'Not executed: a worker lacks the payload key to read the request.';
    return { ...nothing, message, code: 'PROVIDER_UNAVAILABLE' };
  }
  if (!isSmsRunErrorCode(cause.type)) return { ...nothing, code: undefined };
  const [details, advice] = (cause.details ?? []) as [SmsErrorDetails?, RetryAdvice?];
  return {
    code: cause.type,
    message: cause.message,
    details: details ?? {},
    advice: advice ?? {},
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
    details: [{ attempt: 0, ...options.details }],
    ...(options.cause instanceof Error ? { cause: options.cause } : {}),
  });
}

/** The run's failure for an error of the domain; other errors are passed on. */
export function fromSmsError(error: SmsError): unknown {
  if (!isSmsRunErrorCode(error.code)) return error;
  return runFailure(error.code, { message: error.message, details: error.details });
}
