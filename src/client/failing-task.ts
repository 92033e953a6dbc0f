import type { LoadedDataConverter } from '@temporalio/common';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import proto from '@temporalio/proto';
import type { HistoryEvent } from '../temporal/history-events.js';

/**
 * A workflow task that fails over and over: the run stands still until worker or code are mended.
 */
export interface FailingTask {
  /** Which try of it this is, from 1. */
  readonly attempt: number;
  /**
   * What the worker said of the first try: a sentence where it cannot quote the job, else only what
   * kind of failure it is.
   */
  readonly failure?: string;
}

type PendingTask = proto.temporal.api.workflow.v1.IPendingWorkflowTaskInfo;
type TaskFailed = NonNullable<HistoryEvent['workflowTaskFailedEventAttributes']>;

const { WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;
const { PENDING_WORKFLOW_TASK_STATE_SCHEDULED } = proto.temporal.api.enums.v1.PendingWorkflowTaskState;

/**
 * Sentences of ours and of the SDK's core that name keys, activity types, timers and events:
 * nothing of what a job holds.
 */
const SENTENCES = [
  /^A payload (is encrypted|cannot be decrypted) with the key "[\w.?-]*"/,
  /^\[TMPRL1100\] /,
];

/**
 * What a run's workflow task fails with, if it was tried before; undefined if it was not, or only
 * waits for a worker after one was lost.
 */
export async function readFailingTask(
  task: PendingTask | null | undefined,
  events: readonly HistoryEvent[],
  converter: LoadedDataConverter,
): Promise<FailingTask | undefined> {
  const attempt = task?.attempt ?? 1;
  if (attempt < 2) return undefined;
  // Temporal writes the first failure down, and counts the further ones. From 1.32 on it shows the
  // try that is pending as well.
  const last = events.findLast(
    (event) => !event.workflowTaskScheduledEventAttributes && !event.workflowTaskStartedEventAttributes,
  );
  const failed = last?.workflowTaskFailedEventAttributes;
  if (failed) return { attempt, failure: await wordsFor(failed, converter) };
  return task?.state === PENDING_WORKFLOW_TASK_STATE_SCHEDULED ? undefined : { attempt };
}

async function wordsFor({ failure, cause }: TaskFailed, converter: LoadedDataConverter): Promise<string> {
  const name = nameOf(cause);
  try {
    const { message = '' } = (await decodeOptionalFailureToOptionalError(converter, failure)) ?? {};
    return SENTENCES.some((sentence) => sentence.test(message)) ? message : name;
  } catch {
    // A worker that lacks the key of a job encrypts its words under one of its own.
    return `${name}; its message is encrypted with a key that is missing here`;
  }
}

function nameOf(cause: TaskFailed['cause']): string {
  const name = WorkflowTaskFailedCause[cause ?? 0] ?? 'UNSPECIFIED';
  return name.replace('WORKFLOW_TASK_FAILED_CAUSE_', '');
}
