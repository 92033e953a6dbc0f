import { ApplicationFailure, CancelledFailure, isCancellation } from '@temporalio/workflow';
import type { UnprovenOrigin } from '../activities/types.js';
import { isSmsRunErrorCode } from '../domain/errors.js';
import type { Command, RunFailure } from '../domain/reconciliation/command.js';
import type { RequestEnd } from '../domain/reconciliation/event.js';
import type { SmsJob } from '../domain/sms-job.js';
import { laneOf } from '../domain/lane.js';
import { MAX_WAIT_BEFORE_RESEND_MS } from '../domain/replayed-constants.js';
import { obtainApiKey } from './api-key-activities.js';
import type { Deadline } from './deadline.js';
import { runFailure } from './failures.js';
import { createMoments, waitUntil, type Moments } from './moment.js';
import type { OptOutAlarm } from './opt-out-alarm.js';
import type { RunStatus } from './run-status.js';
import { attemptSend } from './send-attempt.js';

/** A run that makes requests. */
export interface RequestContext {
  readonly job: SmsJob;
  readonly jobOrigin: UnprovenOrigin | undefined;
  readonly originalRunId: string;
  readonly deadline: Deadline;
  readonly status: RunStatus;
  readonly alarm: OptOutAlarm;
}

/** The requests of one run: makes them, and keeps what they failed with. */
export interface Requests {
  make(command: Extract<Command, { kind: 'request' }>): Promise<RequestEnd>;
  /** What the run throws. */
  errorFor(failure: RunFailure): unknown;
}

/** The requests of a run that has made none. */
export function createRequests(context: RequestContext): Requests {
  const { deadline, job } = context;
  const moments = job.options?.purpose === 'marketing' ? createMoments(context) : undefined;
  const failures = new Map<number, ApplicationFailure>();
  /** What ends the run before or during a request; a wait ends it by its cancellation only. */
  let lastError: unknown = new CancelledFailure('cancelled');

  return {
    async make(command) {
      try {
        const { end, failure } = await request(context, moments, command);
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
  context: RequestContext,
  moments: Moments | undefined,
  command: Extract<Command, { kind: 'request' }>,
): ReturnType<typeof attemptSend> {
  if (moments === undefined) return await requestNow(context, command, undefined);
  try {
    const sinceMs = Date.now();
    for (;;) {
      const { key } = command;
      const grant = await moments.next({ looksFirst: key !== undefined });
      context.status.resume();
      // The sent messages were read before the wait: a row may have appeared since.
      const isStale = Date.now() - sinceMs > MAX_WAIT_BEFORE_RESEND_MS;
      if (key !== undefined && (grant === undefined || isStale)) return lookFirst(key);
      if (grant === undefined) continue;
      const made = await requestNow(context, command, grant.ticket);
      const { end, isMomentMissed, trouble } = made;
      moments.spend({ isUsed: isMomentMissed !== true });
      if (isMomentMissed === true) continue;
      if (trouble !== undefined) moments.reportTrouble(trouble);
      if (grant.isProbe && end.kind === 'accepted') await moments.reportOpen();
      return made;
    }
  } catch (error) {
    // Not where the provider has refused the request: it was made.
    if (!isRefusedByProvider(error)) await moments.release();
    throw error;
  } finally {
    context.status.resume();
  }
}

async function requestNow(
  context: RequestContext,
  { key, clearedRunId }: Extract<Command, { kind: 'request' }>,
  ticket: string | undefined,
): ReturnType<typeof attemptSend> {
  const { job, originalRunId, deadline, status } = context;
  const { accountId, recipientPhone, message, options } = job;
  const { sendingPhoneId, simSlot } = options ?? {};
  const loaded = key === undefined ? await loadKey(context) : undefined;
  return await attemptSend(
    { deadline, status },
    {
      recipientPhone,
      message,
      accountId,
      lane: laneOf(options),
      ...(sendingPhoneId === undefined ? {} : { sendingPhoneId }),
      ...(simSlot === undefined ? {} : { simSlot }),
      sealedApiKey: loaded?.sealedApiKey ?? key ?? '',
      ...(clearedRunId === undefined ? {} : { clearedRunId }),
      ...(loaded?.optedOut === undefined ? {} : { clearedAtMs: loaded.loadedAtMs }),
      ...(ticket === undefined ? {} : { ticket }),
      ...(ticket === undefined || options?.timeZone === undefined ? {} : { timeZone: options.timeZone }),
      originalRunId,
      attempt: deadline.attempts + 1,
    },
  );
}

/**
 * The key, with the word that the recipient has not opted out. A run whose request has failed
 * before waits where its phone is known not to send: others try that phone for it.
 *
 * @throws ApplicationFailure RECIPIENT_OPTED_OUT, or what the key's activities fail with
 */
async function loadKey(context: RequestContext) {
  const { job, jobOrigin, originalRunId, deadline, status } = context;
  const { accountId, recipientPhone, options } = job;
  const query = { accountId, recipientPhone, originalRunId, jobOrigin, lane: laneOf(options) };
  const first = await obtainApiKey(deadline, query, status);
  const isClosed = deadline.attempts > 0 && (first.closedUntilMs ?? 0) > Date.now();
  let loaded = first;
  if (isClosed && options?.purpose !== 'marketing' && first.optedOut !== true) {
    try {
      await waitUntil(first.closedUntilMs ?? 0, 'the sending phone is offline', context);
    } finally {
      status.resume();
    }
    loaded = await obtainApiKey(deadline, query, status);
  }
  if (loaded.optedOut === true) {
    throw runFailure('RECIPIENT_OPTED_OUT', { details: { attempt: deadline.attempts } });
  }
  return loaded;
}

/** The end of a request that was not made: the sent messages are read again before it is. */
function lookFirst(key: string): Awaited<ReturnType<typeof attemptSend>> {
  const nowMs = Date.now();
  const end = {
    kind: 'not-sent',
    attempt: 1,
    fromMs: nowMs,
    toMs: nowMs,
    key,
    retryAfterMs: undefined,
    lookBeforeRepeat: false,
    reason: 'The message has waited for its moment.',
  } as const;
  return { end, failure: undefined };
}

function isRefusedByProvider(error: unknown): boolean {
  const code = error instanceof ApplicationFailure ? error.type : undefined;
  return code === 'API_KEY_INVALID' || code === 'MESSAGE_SEND_FAILED';
}
