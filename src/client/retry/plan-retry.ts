import type { Client } from '@temporalio/client';
import { SmsError } from '../../domain/errors.js';
import type { RunOwner } from '../../domain/run-owner.js';
import { sendAtOf } from '../../domain/schedule.js';
import { DEFAULT_UNKNOWN_CHECKS_MS } from '../../domain/replayed-constants.js';
import type { SmsJob } from '../../domain/sms-job.js';
import { nextRetryId } from '../retry-id.js';
import { findRetry } from './find-retry.js';
import { readLastRun, readRunsBefore } from './read-chain.js';
import { readRunJob } from './read-run-job.js';
import type { NewSend, RetryOutcome, RetryRefusal } from './retry-outcome.js';
import type { Doubt } from './run-doubt.js';
import type { RunEvidence } from './run-evidence.js';

/** A run that may have sent, or that the provider has refused, to be settled before its retry is started. */
export interface RunInDoubt extends Doubt {
  readonly owner: RunOwner;
  readonly wasReset: boolean;
  /** The API key that its last request was made with, sealed for it; undefined where that cannot be told. */
  readonly requestedWith: string | undefined;
  /** From when a log that does not show the message is believed; epoch milliseconds. */
  readonly believedFromMs: number;
}

/** What is to be done for a retry: nothing, or a start, after these runs are settled. */
export type RetryPlan =
  | { readonly kind: 'done'; readonly outcome: RetryOutcome }
  | {
      readonly kind: 'start';
      readonly send: NewSend;
      readonly job: SmsJob;
      readonly inDoubt: readonly RunInDoubt[];
    };

/** How a retry is planned. */
export interface PlanOptions {
  /** Whatever may have been sent. */
  readonly force: boolean;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** How long a request can be out, in milliseconds; @default LONGEST_OUT_MS of run-doubt.ts */
  readonly longestOutMs?: number | undefined;
}

/** Said of a message that the gateway took and its phone failed to send. */
export const FAILED_AT_GATEWAY =
  'The provider has the message, its phone failed to send it, and the provider retries by itself: check the phone.';

/**
 * Decides from the histories of a send, and of those that it is a retry of, what a retry takes. Changes nothing.
 *
 * @throws SmsError NOT_FOUND, IDEMPOTENCY_KEY_REUSED, ENCRYPTION_KEY_MISSING; errors of the Temporal client, PayloadError
 */
export async function planRetry(
  client: Client,
  workflowId: string,
  { force, nowMs, longestOutMs }: PlanOptions,
): Promise<RetryPlan> {
  const last = await readLastRun(client, workflowId, longestOutMs);
  if (last.end === 'running') return refused('running', 'The send has not ended.');
  if (last.end === 'completed') return refused('sent', 'The message was sent.');
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

  const runs = [last, ...(await readRunsBefore(client, workflowId, oldJob, longestOutMs))];
  const known = whatIsKnown(runs) ?? (force ? undefined : whyNotSettled(runs));
  if (known !== undefined) return known;
  const { job, deadlineRenewed } = renewDeadline(oldJob, nowMs);
  const inDoubt = force ? [] : runs.flatMap((run) => asInDoubt(run, oldJob));
  const sendAtMs = sendAtOf(job) ?? 0;
  // What shows up belongs to a run that may have sent rather than to one that was refused.
  inDoubt.sort((a, b) => Number(a.isRefused ?? false) - Number(b.isRefused ?? false));
  return {
    kind: 'start',
    send: {
      ...{ workflowId: next, retryOf: workflowId, settledFirst: inDoubt.length > 0, deadlineRenewed },
      ...(sendAtMs > nowMs ? { sendAt: new Date(sendAtMs).toISOString() } : {}),
    },
    job,
    inDoubt,
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

/** Why the gateway's log could not tell. */
function whyNotSettled(runs: readonly RunEvidence[]): RetryPlan | undefined {
  if (runs.some(({ isRepeated }) => isRepeated)) {
    return refused(
      'unsettled',
      'The run belongs to a chain (cron schedule or workflow retry policy). An earlier run may have sent the message.',
    );
  }
  return runs.some(({ failedAtGateway }) => failedAtGateway)
    ? refused('unsettled', FAILED_AT_GATEWAY)
    : undefined;
}

/** A deadline that has passed would end the new send at once. */
function renewDeadline(job: SmsJob, nowMs: number): { job: SmsJob; deadlineRenewed: boolean } {
  const { expiresAt, ...options } = job.options ?? {};
  if (expiresAt === undefined || Date.parse(expiresAt) > nowMs) return { job, deadlineRenewed: false };
  return { job: { ...job, options }, deadlineRenewed: true };
}

function asInDoubt(
  { owner, wasReset, doubt, requestedWith }: RunEvidence,
  { options }: SmsJob,
): RunInDoubt[] {
  if (doubt === undefined) return [];
  const windowMs = (options?.unknownChecksMs ?? DEFAULT_UNKNOWN_CHECKS_MS).at(-1) ?? 0;
  // The provider has answered: it is looked up once whether its sent messages say the same.
  const believedFromMs = doubt.isRefused === true ? doubt.toMs : doubt.toMs + windowMs;
  return [{ ...doubt, owner, wasReset, requestedWith, believedFromMs }];
}

function refused(why: RetryRefusal, reason: string): RetryPlan {
  return { kind: 'done', outcome: { kind: 'refused', why, reason } };
}
