import {
  ActivityCancellationType,
  isCancellation,
  proxyActivities,
  sleep,
  TemporalFailure,
} from '@temporalio/workflow';
import type { Activities, FollowSmsInput } from '../activities/types.js';
import type { UnprovenOrigin } from '../activities/types.js';
import { NON_RETRYABLE } from '../domain/errors.js';
import type { FollowCommand, FollowEnd } from '../domain/following/follow-state.js';
import { firstFollowStep, nextFollowStep } from '../domain/following/next-follow-step.js';
import type { PhoneReading } from '../domain/following/phone-report.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { FOLLOW_READING } from '../domain/replayed-constants.js';
import { followChecksOf } from '../domain/schedule.js';
import type { SmsJob, SmsResult } from '../domain/sms-job.js';
import { describePhone } from '../domain/story-sentences.js';
import type { Deadline } from './deadline.js';
import { readActivityFailure, runFailure } from './failures.js';
import type { AcceptedSend } from './reconcile.js';
import { countFollowed } from './run-metrics.js';
import type { RunStatus } from './run-status.js';

/** A run whose message is followed. */
interface FollowingRun {
  readonly job: SmsJob;
  readonly jobOrigin: UnprovenOrigin | undefined;
  readonly deadline: Pick<Deadline, 'attempts'>;
  readonly status: RunStatus;
}

const CANCELLED = 'The send was cancelled before the phone was seen to send the message.';

/**
 * Follows an accepted message until its phone has sent it, to the last check, or until the run is
 * cancelled. Nothing is sent again, and no deadline ends it.
 *
 * @throws ApplicationFailure MESSAGE_SEND_FAILED once the phone has failed for good;
 *   SEND_OUTCOME_UNKNOWN if another request of the send may have been sent
 */
export async function followSend(run: FollowingRun, accepted: AcceptedSend): Promise<SmsResult> {
  const { job, status } = run;
  const { result, mayBeElsewhere } = accepted;
  if (!mayBeElsewhere) status.setCertain();
  let step = firstFollowStep(Date.now(), followChecksOf(job));
  try {
    while (step.command.kind === 'check') {
      status.follow(step.details);
      const { command, state } = step;
      const waitMs = command.atMs - Date.now();
      if (waitMs > 0) await sleep(waitMs);
      const { report, ageMs, phone } = await readPhone(run, accepted, command);
      status.note(describePhone(report));
      const nowMs = Date.now();
      step = nextFollowStep(state, { report, readAtMs: nowMs - ageMs, nowMs, phone });
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    status.setDetails(CANCELLED);
    countFollowed('unknown');
    return { ...result, delivery: 'unknown', deliveryReason: CANCELLED };
  }
  status.setDetails(step.details);
  return conclude(run, accepted, step.command.end, step.state.failure?.sinceMs);
}

function conclude(
  { status, deadline }: FollowingRun,
  accepted: AcceptedSend,
  end: FollowEnd,
  failedSinceMs: number | undefined,
): SmsResult {
  const { result, mayBeElsewhere } = accepted;
  countFollowed(end.kind);
  switch (end.kind) {
    case 'sent': {
      status.sent();
      const sentAt = end.sentAtMs === undefined ? undefined : new Date(end.sentAtMs).toISOString();
      return { ...result, delivery: 'sent', ...omitUndefined({ sentAt }) };
    }
    case 'unknown':
      return { ...result, delivery: 'unknown', deliveryReason: end.reason };
    case 'failed': {
      const { messageId, timestamp: acceptedAt } = result;
      const failedSince = new Date(failedSinceMs ?? Date.now()).toISOString();
      const { attempts: attempt } = deadline;
      const details = { attempt, providerCode: end.code, messageId, acceptedAt, failedSince };
      throw mayBeElsewhere
        ? runFailure('SEND_OUTCOME_UNKNOWN', {
            details,
            message:
              'The account’s phone failed to send one request of this message. Another request may have been sent.',
          })
        : runFailure('MESSAGE_SEND_FAILED', {
            details,
            message: 'SMSMobileAPI accepted the message, and the account’s phone failed to send it.',
          });
    }
  }
}

/** Reads once, with all its tries; what goes wrong is an unreadable list. */
async function readPhone(
  { job, jobOrigin }: FollowingRun,
  { result, sinceMs }: AcceptedSend,
  { atMs, nextMs }: Extract<FollowCommand, { kind: 'check' }>,
): Promise<PhoneReading> {
  const untilNextMs = nextMs === undefined ? FOLLOW_READING.maxMs : nextMs - Math.max(atMs, Date.now());
  const { followSms } = proxyActivities<Activities>({
    summary: 'What the phone did with the message',
    startToCloseTimeout: '40 seconds',
    scheduleToCloseTimeout: Math.min(FOLLOW_READING.maxMs, Math.max(FOLLOW_READING.minMs, untilNextMs)),
    retry: {
      initialInterval: '30 seconds',
      maximumInterval: '10 minutes',
      nonRetryableErrorTypes: [...NON_RETRYABLE],
    },
    // Reads only: nobody waits for its end.
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  });
  const { accountId, options } = job;
  const input: FollowSmsInput = {
    accountId,
    messageId: result.messageId,
    sinceMs,
    isLast: nextMs === undefined,
    ...omitUndefined({ jobOrigin, sendingPhoneId: options?.sendingPhoneId }),
  };
  try {
    const reading: unknown = await followSms(input);
    return isReading(reading) ? reading : unreadable('the check returned no report');
  } catch (error) {
    if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
    const { message } = readActivityFailure(error);
    return unreadable(message ?? 'no worker has read them in time');
  }
}

function unreadable(reason: string): PhoneReading {
  return { report: { kind: 'unreadable', reason: reason.replace(/\.$/, '') }, ageMs: 0 };
}

const REPORTS = new Set(['sent', 'failed', 'pending', 'unclear', 'unlisted', 'unreadable']);

/** An operator can complete an activity by hand, with any result or none. */
function isReading(reading: unknown): reading is PhoneReading {
  if (typeof reading !== 'object' || reading === null) return false;
  const { report, ageMs } = reading as Partial<Record<string, unknown>>;
  if (typeof ageMs !== 'number' || typeof report !== 'object' || report === null) return false;
  const { kind, code, reason, sentAtMs } = report as Partial<Record<string, unknown>>;
  if (typeof kind !== 'string' || !REPORTS.has(kind)) return false;
  if (sentAtMs !== undefined && typeof sentAtMs !== 'number') return false;
  return (
    (kind !== 'failed' || typeof code === 'string') && (kind !== 'unreadable' || typeof reason === 'string')
  );
}
