import { ApplicationFailure } from '@temporalio/common';
import {
  isSmsRunErrorCode,
  mayPass,
  sentenceFor,
  SmsError,
  type RetryAdvice,
  type SmsErrorDetails,
  type SmsRunErrorCode,
} from '../domain/errors.js';

/** The failure that an activity ends with: its `type` is the code, `details[0]` the details, `details[1]` the advice. */
export function activityFailure(
  code: SmsRunErrorCode,
  options: { message?: string; details?: SmsErrorDetails; advice?: RetryAdvice } = {},
): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    message: options.message ?? sentenceFor(code),
    nonRetryable: !mayPass(code),
    details: [options.details ?? {}, ...(options.advice === undefined ? [] : [options.advice])],
  });
}

/** Runs an activity's body and turns the SmsError that an adapter threw into the failure of its code. */
export async function namingFailures<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof SmsError && isSmsRunErrorCode(error.code)) {
      throw activityFailure(error.code, { message: error.message, details: error.details });
    }
    throw error;
  }
}
