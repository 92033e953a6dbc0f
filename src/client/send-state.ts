import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { SmsError, type SmsErrorCode } from '../domain/errors.js';
import { WORKFLOW_TYPE } from '../domain/names.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { readCorrelationIds } from '../domain/sms-job-schema.js';
import { formatTimestamp } from '../domain/timestamp.js';
import { translateTemporalError } from '../temporal/temporal-errors.js';
import { readAcceptance } from './read-acceptance.js';
import { readCurrentDetails } from './read-current-details.js';
import { openStatusOf, readSmsStatus } from './read-sms-status.js';
import { createSmsHandle, type SmsRunStatus } from './sms-handle.js';

/**
 * Where a send stands, for a page: no number, no text, no key, and nothing that says whom it is to.
 */
export interface SmsState {
  /** The send's id. */
  readonly workflowId: string;
  /**
   * Where the send stands; `not-found` also where it belongs to another account. Undefined until
   * Temporal has answered for the first time.
   */
  readonly status?: SmsRunStatus | 'not-found';
  /** What the send is doing or waits for, or why it ended: a sentence for people. */
  readonly sentence?: string;
  /** With `failed`, `cancelled`, `terminated` and `timed-out`: why it ended. */
  readonly code?: SmsErrorCode;
  /** With `accepted` and `sent`: the provider's id of the message. */
  readonly messageId?: string;
  /** With `accepted` and `sent`: when the provider accepted it, ISO 8601, UTC. */
  readonly timestamp?: string;
  /**
   * Of a followed send that was accepted: the phone is being asked (`pending`), or what `delivery`
   * of its result says.
   */
  readonly delivery?: 'pending' | 'sent' | 'unknown';
  /** With `sent`: when the phone sent it, ISO 8601, UTC; only where the provider says so. */
  readonly sentAt?: string;
  /** With `accepted`: the provider's id of a second message, if both may have been delivered. */
  readonly possibleDuplicateOf?: string;
  /** When the send was started, ISO 8601, UTC. */
  readonly startedAt?: string;
  /** When it ended, ISO 8601, UTC. */
  readonly closedAt?: string;
  /** Temporal does not answer: the rest is what was known before. */
  readonly unreachable?: true;
}

/** A state, and what only the process itself may know of it. */
export interface KnownSend {
  readonly state: SmsState;
  /** Whose send it is; undefined where the run does not say. */
  readonly accountId?: string | undefined;
  /** How far the run was when it said what it is doing. */
  readonly readAt?: string | undefined;
}

const { PENDING_WORKFLOW_TASK_STATE_SCHEDULED } = proto.temporal.api.enums.v1.PendingWorkflowTaskState;

/** A task that was not taken for so long waits for a worker; in milliseconds. */
const WORKER_IS_LATE_MS = 5_000;

/**
 * Reads where a send stands. A worker is asked what the send is doing only after its history has
 * grown since `before`.
 *
 * @throws SmsError NOT_FOUND, TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED
 */
export async function readSendState(
  client: Client,
  workflowId: string,
  before?: KnownSend,
): Promise<KnownSend> {
  try {
    const description = await client.workflow.getHandle(workflowId).describe();
    const { type, memo: { accountId: owner, ...metadata } = {}, startTime, closeTime } = description;
    if (type !== WORKFLOW_TYPE) throw new SmsError('NOT_FOUND', { workflowId });
    const { accountId } = readCorrelationIds({ accountId: owner, metadata });
    const times = omitUndefined({ startedAt: startTime.toISOString(), closedAt: closeTime?.toISOString() });
    if (closeTime !== undefined) {
      const report = await createSmsHandle(client, workflowId).status();
      const { status, code, reason: sentence, messageId, timestamp, possibleDuplicateOf } = report;
      const { delivery, sentAt } = report;
      const message = { messageId, timestamp, possibleDuplicateOf, delivery, sentAt };
      const end = omitUndefined(Object.assign({ sentence, code }, message));
      return { accountId, state: { workflowId, status, ...times, ...end } };
    }
    const { sentence, readAt } = await whatItDoes(client, description, before);
    const status = openStatusOf(readSmsStatus(description));
    const message =
      status === 'accepted' ? await acceptanceOf(client, description, before) : { delivery: undefined };
    const known = omitUndefined(Object.assign({ sentence }, message));
    return { accountId, readAt, state: { workflowId, status, ...times, ...known } };
  } catch (error) {
    throw translateTemporalError(error, workflowId);
  }
}

/** The message of a send that is followed; its history is read once. */
async function acceptanceOf(
  client: Client,
  { workflowId, runId }: WorkflowExecutionDescription,
  before: KnownSend | undefined,
): Promise<Pick<SmsState, 'delivery' | 'messageId' | 'timestamp'>> {
  const { delivery, messageId, timestamp } = before?.state ?? {};
  const known =
    delivery === 'pending' && messageId !== undefined
      ? omitUndefined({ messageId, timestamp })
      : await readAcceptance(client, { workflowId, runId });
  return { delivery: 'pending', ...known };
}

/** A sentence, and at which point of the history the run has said it. */
async function whatItDoes(
  client: Client,
  { workflowId, runId, historyLength, executionTime, raw }: WorkflowExecutionDescription,
  before: KnownSend | undefined,
): Promise<{ readonly sentence: string | undefined; readonly readAt?: string }> {
  const startsAtMs = executionTime?.getTime() ?? 0;
  if (startsAtMs > Date.now()) return { sentence: `Waiting to send at ${formatTimestamp(startsAtMs)}.` };
  const task = raw.pendingWorkflowTask;
  if (task?.state === PENDING_WORKFLOW_TASK_STATE_SCHEDULED) {
    const sinceMs = tsToMs(task.originalScheduledTime ?? task.scheduledTime);
    // Asking a worker would take until the question times out.
    return Date.now() - sinceMs < WORKER_IS_LATE_MS
      ? { sentence: before?.state.sentence }
      : { sentence: `Waiting for a worker since ${formatTimestamp(sinceMs)}.` };
  }
  const readAt = `${runId} ${historyLength}`;
  if (before?.readAt === readAt) return { readAt, sentence: before.state.sentence };
  const details = await readCurrentDetails(client, workflowId);
  if (details === undefined) return { sentence: undefined };
  return { readAt, sentence: details === '' ? undefined : details };
}
