import { ApplicationFailure } from '@temporalio/common';
import {
  isSmsRunErrorCode,
  isTransient,
  sentenceFor,
  SmsError,
  type RetryAdvice,
  type SmsErrorDetails,
  type SmsRunErrorCode,
} from '../domain/errors.js';
import type { ProviderAnswer } from '../domain/provider-answer.js';

/**
 * The failure of an activity: its `type` is the code; its details are details, advice and the
 * provider's answer, in this order.
 */
export function activityFailure(
  code: SmsRunErrorCode,
  options: {
    message?: string;
    details?: SmsErrorDetails;
    advice?: RetryAdvice;
    answer?: ProviderAnswer | undefined;
  } = {},
): ApplicationFailure {
  const { details = {}, advice, answer } = options;
  return ApplicationFailure.create({
    type: code,
    message: options.message ?? sentenceFor(code),
    nonRetryable: !isTransient(code),
    details: [
      details,
      ...(advice === undefined && answer === undefined ? [] : [advice ?? {}]),
      ...(answer === undefined ? [] : [answer]),
    ],
  });
}

/**
 * Runs an activity's body and turns the SmsError that an adapter threw into the failure of its
 * code.
 */
export async function asActivityFailure<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof SmsError && isSmsRunErrorCode(error.code)) {
      throw activityFailure(error.code, { message: error.message, details: error.details });
    }
    throw error;
  }
}
