import type { Client } from '@temporalio/client';
import { SmsError } from '../../domain/errors.js';
import type { RunOwner } from '../../domain/run-owner.js';
import { sendAtOf } from '../../domain/schedule.js';
import { CONFIRM_FAILURE_MS, DEFAULT_UNKNOWN_CHECKS_MS } from '../../domain/replayed-constants.js';
import type { SmsJob } from '../../domain/sms-job.js';
import { formatTimestamp } from '../../domain/timestamp.js';
import { nextRetryId } from '../retry-id.js';
import { findRetry } from './find-retry.js';
import { readLastRun, readRunsBefore } from './read-chain.js';
import { readRunJob } from './read-run-job.js';
import type { NewSend, RetryOutcome, RetryRefusal } from './retry-outcome.js';
import type { UnknownRequests } from './unknown-requests.js';
import type { FailedMessage, RunEvidence } from './run-evidence.js';

/**
 * A run that may have sent, or that the provider has refused, to be reconciled before its retry is
 * started.
 */
export interface UnreconciledRun extends UnknownRequests {
  readonly owner: RunOwner;
  readonly wasReset: boolean;
  /**
   * The API key that its last request was made with, sealed for it; undefined if that is unknown.
   */
  readonly requestedWith: string | undefined;
  /**
   * The message that was followed until its phone had failed for good; undefined for no such run.
   */
  readonly failedForGood: FailedMessage | undefined;
  /** The time from which sent messages that lack the message are believed; epoch milliseconds. */
  readonly believedFromMs: number;
}

/** What is to be done for a retry: nothing, or a start, after these runs are reconciled. */
export type RetryPlan =
  | { readonly kind: 'done'; readonly outcome: RetryOutcome }
  | {
      readonly kind: 'start';
      readonly send: NewSend;
      readonly job: SmsJob;
      readonly unreconciled: readonly UnreconciledRun[];
    };

/** How a retry is planned. */
export interface PlanOptions {
  /** Whatever may have been sent. */
  readonly force: boolean;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /**
   * How long a request can be out, in milliseconds; @default MAX_OUT_MS of unknown-requests.ts
   */
  readonly maxOutMs?: number | undefined;
}

/** Said of a message that the provider took and its phone failed to send. */
export const FAILED_AT_PROVIDER =
  'The provider has the message, its phone failed to send it, and the provider retries by itself: check the phone.';

/**
 * Decides from the histories of a send, and of those that it is a retry of, what a retry takes.
 * Changes nothing.
 *
 * @throws SmsError NOT_FOUND, IDEMPOTENCY_KEY_REUSED, ENCRYPTION_KEY_MISSING; errors of the
 *   Temporal client, PayloadError
 */
export async function planRetry(
  client: Client,
  workflowId: string,
  { force, nowMs, maxOutMs }: PlanOptions,
): Promise<RetryPlan> {
  const last = await readLastRun(client, workflowId, maxOutMs);
  if (last.end === 'running') return refused('running', 'The send has not ended.');
  if (last.end === 'completed') return refused('accepted', 'The provider has accepted the message.');
  const oldJob = await readRunJob(client, last);
  if (oldJob === undefined) {
    return refused(
      'would-fail-again',
      'The job is not valid, or was copied from another run. It would fail in the same way.',
    );
  }
  const next = nextRetryId(workflowId);
  if (next === undefined) {
    throw new SmsError('VALIDATION_FAILED', {
      workflowId,
      message: 'The workflow id is too long to append -retry-1: start a new send.',
    });
  }
  const existing = await findRetry(client, next, oldJob);
  if (existing !== undefined) return { kind: 'done', outcome: existing };

  const runs = [last, ...(await readRunsBefore(client, workflowId, oldJob, maxOutMs))];
  const known = whatIsKnown(runs) ?? (force ? undefined : whyNotReconciled(runs, nowMs));
  if (known !== undefined) return known;
  const { job, deadlineRenewed } = renewDeadline(oldJob, nowMs);
  const unreconciled = force ? [] : runs.flatMap((run) => asUnreconciled(run, oldJob));
  const sendAtMs = sendAtOf(job) ?? 0;
  // What shows up belongs to a run that may have sent rather than to one that was refused.
  unreconciled.sort((a, b) => Number(a.isRefused ?? false) - Number(b.isRefused ?? false));
  return {
    kind: 'start',
    send: {
      workflowId: next,
      retryOf: workflowId,
      reconciledFirst: unreconciled.length > 0,
      deadlineRenewed,
      ...(sendAtMs > nowMs ? { sendAt: new Date(sendAtMs).toISOString() } : {}),
    },
    job,
    unreconciled,
  };
}

/** What the histories prove, which no force overrules. */
function whatIsKnown(runs: readonly RunEvidence[]): RetryPlan | undefined {
  const running = runs.find(({ end }) => end === 'running');
  if (running !== undefined) {
    return refused('running', `This send is a retry of ${running.owner.workflowId}, which is running again.`);
  }
  for (const { owner, messageId } of runs) {
    if (messageId === undefined) continue;
    return { kind: 'done', outcome: { kind: 'was-sent', workflowId: owner.workflowId, messageId } };
  }
  return undefined;
}

/** Why the provider's list of sent messages could not tell. */
function whyNotReconciled(runs: readonly RunEvidence[], nowMs: number): RetryPlan | undefined {
  if (runs.some(({ isRepeated }) => isRepeated)) {
    return refused(
      'unresolved',
      'The run belongs to a chain (cron schedule or workflow retry policy). An earlier run may have sent the message.',
    );
  }
  // Its phone, or the provider, may just be about to send it after all.
  const repeatableMs = Math.max(
    0,
    ...runs.map(({ failedForGood }) => (failedForGood?.sinceMs ?? -CONFIRM_FAILURE_MS) + CONFIRM_FAILURE_MS),
  );
  if (repeatableMs > nowMs) {
    return refused(
      'unresolved',
      `The phone has failed to send the message, and the provider may repeat that by itself: try again after ${formatTimestamp(repeatableMs)}.`,
    );
  }
  return runs.some(({ failedAtProvider }) => failedAtProvider)
    ? refused('unresolved', FAILED_AT_PROVIDER)
    : undefined;
}

/** A deadline that has passed would end the new send at once. */
function renewDeadline(job: SmsJob, nowMs: number): { job: SmsJob; deadlineRenewed: boolean } {
  const { expiresAt, ...options } = job.options ?? {};
  if (expiresAt === undefined || Date.parse(expiresAt) > nowMs) return { job, deadlineRenewed: false };
  return { job: { ...job, options }, deadlineRenewed: true };
}

function asUnreconciled(
  { owner, wasReset, unknownRequests, requestedWith, failedForGood }: RunEvidence,
  { options }: SmsJob,
): UnreconciledRun[] {
  if (unknownRequests === undefined) return [];
  const windowMs = (options?.unknownChecksMs ?? DEFAULT_UNKNOWN_CHECKS_MS).at(-1) ?? 0;
  // The provider has answered: it is looked up once whether its sent messages say the same.
  const believedFromMs =
    unknownRequests.isRefused === true ? unknownRequests.toMs : unknownRequests.toMs + windowMs;
  return [{ ...unknownRequests, owner, wasReset, requestedWith, failedForGood, believedFromMs }];
}

function refused(why: RetryRefusal, reason: string): RetryPlan {
  return { kind: 'done', outcome: { kind: 'refused', why, reason } };
}
