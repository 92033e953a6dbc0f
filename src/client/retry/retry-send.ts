import { isDeepStrictEqual } from 'node:util';
import type { Client } from '@temporalio/client';
import type { RecipientKey } from '../../encryption/recipient-key.js';
import { SmsError } from '../../domain/errors.js';
import { runTimesOf } from '../../domain/schedule.js';
import { describeStart } from '../start-request.js';
import { startSend } from '../start-send.js';
import { translateTemporalError } from '../../temporal/temporal-errors.js';
import { findRetry } from './find-retry.js';
import { refusalOfVerdict, unresolved } from './retry-refusal.js';
import { planRetry, type RetryPlan } from './plan-retry.js';
import type { RetryOptions, RetryOutcome } from './retry-outcome.js';
import { reconcileRun } from './reconcile-run.js';

/** What a retry needs beside Temporal. */
export interface RetryContext {
  readonly taskQueue: string;
  readonly recipientKey: RecipientKey;
  /** Epoch milliseconds; @default Date.now */
  readonly now?: () => number;
  /**
   * How long a request can be out, in milliseconds; @default MAX_OUT_MS of unknown-requests.ts
   */
  readonly maxOutMs?: number;
}

type Start = Extract<RetryPlan, { kind: 'start' }>;

/**
 * Starts a send again that has ended without being sent: the same job, under the one workflow id
 * that its retry has. What may have been sent is reconciled first through the provider's list of
 * sent messages.
 *
 * @throws SmsError NOT_FOUND, IDEMPOTENCY_KEY_REUSED, VALIDATION_FAILED, ENCRYPTION_KEY_MISSING,
 *   TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED
 */
export async function retrySend(
  client: Client,
  workflowId: string,
  context: RetryContext,
  { force = false, dryRun = false, onReconciling }: RetryOptions,
): Promise<RetryOutcome> {
  const { taskQueue, now = Date.now, maxOutMs } = context;
  const planNow = () => planRetry(client, workflowId, { force, nowMs: now(), maxOutMs });
  try {
    const plan = await planNow();
    if (plan.kind === 'done') return plan.outcome;
    if (dryRun) return { kind: 'would-start', ...plan.send };
    const { job, unreconciled } = plan;
    if (unreconciled.length > 0) {
      const believedFromMs = Math.max(...unreconciled.map((run) => run.believedFromMs));
      onReconciling?.({ believedFrom: new Date(believedFromMs) });
    }
    for (const run of unreconciled) {
      const verdict = await reconcileRun(client, taskQueue, { run, job, nowMs: now() });
      const objection = refusalOfVerdict(verdict, run);
      // Its row may belong to a retry that somebody has started meanwhile.
      if (objection !== undefined) return (await findRetry(client, plan.send.workflowId, job)) ?? objection;
    }
    // Reconciling can take minutes, and any of them can be reset meanwhile.
    const again = unreconciled.length === 0 ? plan : await planNow();
    if (again.kind === 'done') return again.outcome;
    if (!isDeepStrictEqual(again.unreconciled, unreconciled)) {
      return unresolved('The send changed during the check of the provider’s sent messages: try again.');
    }
    // Its deadline may have passed meanwhile: what is planned now counts.
    return await start(client, again, context);
  } catch (error) {
    throw translateTemporalError(error, workflowId);
  }
}

async function start(
  client: Client,
  { send, job }: Start,
  { taskQueue, recipientKey }: RetryContext,
): Promise<RetryOutcome> {
  const { workflowId } = send;
  const request = { workflowId, ...describeStart(job, recipientKey), ...runTimesOf(job, Date.now()) };
  const runId = await startSend(client, taskQueue, request);
  if (runId !== undefined) return { kind: 'started', runId, ...send };
  const existing = await findRetry(client, workflowId, job);
  if (existing !== undefined) return existing;
  throw new SmsError('TEMPORAL_UNAVAILABLE', {
    workflowId,
    message: 'A retry that was just found no longer exists: check again before you repeat the command.',
  });
}
