import { ApplicationFailure, CancelledFailure, isCancellation } from '@temporalio/workflow';
import type { UnprovenOrigin } from '../activities/types.js';
import { isSmsRunErrorCode } from '../domain/errors.js';
import type { Command, RunFailure } from '../domain/reconciliation/command.js';
import type { RequestEnd } from '../domain/reconciliation/event.js';
import type { SmsJob } from '../domain/sms-job.js';
import { obtainApiKey } from './api-key-activities.js';
import type { Deadline } from './deadline.js';
import { runFailure } from './failures.js';
import type { RunStatus } from './run-status.js';
import { attemptSend } from './send-attempt.js';

/** A run that makes requests. */
export interface RequestContext {
  readonly job: SmsJob;
  readonly jobOrigin: UnprovenOrigin | undefined;
  readonly originalRunId: string;
  readonly deadline: Deadline;
  readonly status: RunStatus;
}

/** The requests of one run: makes them, and keeps what they failed with. */
export interface Requests {
  make(command: Extract<Command, { kind: 'request' }>): Promise<RequestEnd>;
  /** What the run throws. */
  errorFor(failure: RunFailure): unknown;
}

/** The requests of a run that has made none. */
export function createRequests(context: RequestContext): Requests {
  const { deadline } = context;
  const failures = new Map<number, ApplicationFailure>();
  /** What ends the run before or during a request; a wait ends it by its cancellation only. */
  let lastError: unknown = new CancelledFailure('cancelled');

  return {
    async make(command) {
      try {
        const { end, failure } = await request(context, command);
        if (failure !== undefined) failures.set(deadline.attempts, failure);
        return end;
      } catch (error) {
        lastError = error;
        if (isCancellation(error)) return { kind: 'never-began' };
        const isCoded = error instanceof ApplicationFailure && isSmsRunErrorCode(error.type);
        if (isCoded) return { kind: 'refused', message: error.message };
        throw error;
      }
    },
    errorFor(failure) {
      const { attempts: attempt } = deadline;
      switch (failure.kind) {
        case 'unknown':
          return failures.get(failure.attempt);
        case 'passed-on':
          return lastError;
        case 'unknown-before': {
          const { message } = failure;
          return runFailure('SEND_OUTCOME_UNKNOWN', { message, details: { attempt }, cause: lastError });
        }
        case 'code': {
          const { code, message, providerCode } = failure;
          const details = { attempt, ...(providerCode === undefined ? {} : { providerCode }) };
          return runFailure(code, { message, details, cause: failures.get(failure.attempt) });
        }
      }
    },
  };
}

/** Makes one request, with a key that is loaded and decrypted first where none is given. */
async function request(
  { job, jobOrigin, originalRunId, deadline, status }: RequestContext,
  { key, clearedRunId }: Extract<Command, { kind: 'request' }>,
): ReturnType<typeof attemptSend> {
  const { accountId, recipientPhone, message, options } = job;
  const { sendingPhoneId, simSlot } = options ?? {};
  const { sealedApiKey } =
    key === undefined
      ? await obtainApiKey(deadline, { accountId, originalRunId, jobOrigin }, status)
      : { sealedApiKey: key };
  return await attemptSend(
    { deadline, status },
    {
      recipientPhone,
      message,
      ...(sendingPhoneId === undefined ? {} : { sendingPhoneId }),
      ...(simSlot === undefined ? {} : { simSlot }),
      sealedApiKey,
      ...(clearedRunId === undefined ? {} : { clearedRunId }),
      originalRunId,
      attempt: deadline.attempts + 1,
    },
  );
}
