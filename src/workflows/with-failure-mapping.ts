import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  isCancellation,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/types.js';
import { isSmsRunErrorCode, SmsError } from '../domain/errors.js';
import { fromSmsError, runFailure } from './failures.js';
import { countEnd, countEndWithoutCode } from './run-metrics.js';
import { createRunStatus, type RunStatus } from './run-status.js';

const { findRunOrigin } = proxyLocalActivities<Activities>({ startToCloseTimeout: '5 seconds' });

/** Decided by the job alone: whatever the run did before, it did not send. */
const DECIDED_BY_THE_JOB = new Set(['VALIDATION_FAILED', 'PHONE_NUMBER_INVALID', 'MESSAGE_REQUIRED']);

/**
 * Runs the workflow's body, and maps a failure to the end of the run.
 *
 * - A run with a code carries it as search attribute `SmsErrorCode`.
 * - A run that was reset ends as SEND_OUTCOME_UNKNOWN, whatever kept it from sending now: the run
 *   before may have sent.
 * - A run that was cancelled and may have sent ends as cancelled, with SEND_OUTCOME_UNKNOWN as that
 *   attribute.
 */
export async function withFailureMapping<T>(body: (status: RunStatus) => Promise<T>): Promise<T> {
  const status = createRunStatus();
  let result: T;
  try {
    result = await body(status);
  } catch (error) {
    const ended = error instanceof SmsError ? fromSmsError(error) : error;
    const failure = status.isCertain() ? ended : await reconsider(ended);
    if (!(failure instanceof ApplicationFailure) || !isSmsRunErrorCode(failure.type)) {
      if (isCancellation(failure)) status.setDetails('Cancelled.');
      countEndWithoutCode(failure);
      throw failure;
    }
    status.fail(failure.type);
    const cancelled = isCancellation(error) || CancellationScope.current().consideredCancelled;
    const endsAsCancelled = cancelled && failure.type === 'SEND_OUTCOME_UNKNOWN';
    countEnd(endsAsCancelled ? 'cancelled' : 'failed', failure.type);
    throw endsAsCancelled ? new CancelledFailure('cancelled') : failure;
  }
  countEnd('accepted');
  return result;
}

/** What a failure means once it is known whether the run was reset. */
async function reconsider(failure: unknown): Promise<unknown> {
  const code = failure instanceof ApplicationFailure ? failure.type : undefined;
  if (code === 'SEND_OUTCOME_UNKNOWN' || DECIDED_BY_THE_JOB.has(code ?? '')) return failure;
  if (code === undefined && !isCancellation(failure)) return failure;
  const { originalExecutionRunId: originalRunId } = workflowInfo();
  const { wasReset } = await CancellationScope.nonCancellable(() => findRunOrigin({ originalRunId }));
  if (!wasReset) return failure;
  return runFailure('SEND_OUTCOME_UNKNOWN', {
    message: 'This run was reset. The run before it may have sent the message.',
    cause: failure,
  });
}
