import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { isSmsRunErrorCode, type SmsErrorCode } from '../domain/errors.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { isRequest, readHistory, type HistoryEvent } from '../temporal/history-events.js';
import { readFailingTask } from './failing-task.js';
import { readCurrentDetails } from './read-current-details.js';
import { createSmsHandle, type SmsStatusReport } from './sms-handle.js';
import { readStory } from './story/read-story.js';
import type { SmsStep } from './story/sms-step.js';
import { translateTemporalError } from '../temporal/temporal-errors.js';
import { hasEnded } from './watch-send.js';

/** What a running send waits for; times in ISO 8601, UTC. */
export type SmsAwaited =
  | {
      /** The time that it is to be sent at. */
      readonly what: 'start';
      /** That time. */
      readonly at: string;
    }
  | {
      /** A worker: none has taken its next step. */
      readonly what: 'worker';
      /** Since when. */
      readonly since: string;
    }
  | {
      /** A workflow task that succeeds: it fails over and over, until worker or code are mended. */
      readonly what: 'failing-task';
      /** Which try of the task this is, from 1. */
      readonly attempt: number;
      /**
       * What the worker said of the first try: a sentence where it cannot quote the job, else the
       * kind of failure.
       */
      readonly failure?: string;
    }
  | {
      /** An activity. */
      readonly what: 'activity';
      /** Its name: `sendSms`, `loadEncryptedApiKey`, … */
      readonly activity: string;
      /** Which try of it this is, from 1. */
      readonly attempt: number;
      /** What the try before failed with. */
      readonly lastFailure?: SmsErrorCode;
      /** When it is tried again, while it waits for that. */
      readonly at?: string;
    }
  | {
      /** The time of the next request, or of the next look at the provider's sent messages. */
      readonly what: 'time';
      /** That time. */
      readonly at: string;
    };

/** All that is known of a send. */
export interface SmsInspection extends SmsStatusReport {
  /** When the send was started, ISO 8601, UTC. */
  readonly startedAt: string;
  /** When it ended, ISO 8601, UTC. */
  readonly closedAt?: string;
  /** How many requests to the provider its history shows. */
  readonly requests: number;
  /** What the send says it is doing, a sentence; only while a worker answers. */
  readonly doing?: string;
  /** What it waits for. */
  readonly awaits?: SmsAwaited;
  /** Its life so far, oldest step first. */
  readonly story: readonly SmsStep[];
  /** It is being cancelled, and no worker has carried that out yet. */
  readonly cancelRequested?: true;
}

const { PENDING_WORKFLOW_TASK_STATE_SCHEDULED } = proto.temporal.api.enums.v1.PendingWorkflowTaskState;

/** Where no worker could tell more. */
const MUTE: readonly SmsAwaited['what'][] = ['start', 'worker', 'failing-task'];

/**
 * Looks at a send closely: its history, and what it waits for.
 *
 * @throws SmsError NOT_FOUND, TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED, ENCRYPTION_KEY_MISSING
 */
export async function inspectSend(client: Client, workflowId: string): Promise<SmsInspection> {
  const report = await createSmsHandle(client, workflowId).status();
  const { loadedDataConverter, namespace } = client.options;
  try {
    const handle = client.workflow.getHandle(workflowId, report.runId);
    const description = await handle.describe();
    const events = await readHistory(client, { workflowId, runId: report.runId });
    const { startTime, closeTime } = description;
    const common = {
      ...report,
      startedAt: startTime.toISOString(),
      ...omitUndefined({ closedAt: closeTime?.toISOString() }),
      requests: events.filter(isRequest).length,
      story: await readStory(workflowId, events, loadedDataConverter, namespace),
    };
    if (hasEnded(report)) return { ...common, ...reasonWithoutRequest(report, events) };
    const { pendingWorkflowTask, workflowExtendedInfo } = description.raw;
    const failing = await readFailingTask(pendingWorkflowTask, events, loadedDataConverter);
    const awaits = failing ? { what: 'failing-task' as const, ...failing } : awaitedBy(description, events);
    const isMute = awaits !== undefined && MUTE.includes(awaits.what);
    const details =
      isMute || report.status === 'held' || report.status === 'accepted'
        ? undefined
        : await readCurrentDetails(client, workflowId);
    const doing = details === '' ? undefined : details;
    return {
      ...common,
      ...(workflowExtendedInfo?.cancelRequested === true ? { cancelRequested: true as const } : {}),
      ...omitUndefined({ doing, awaits }),
    };
  } catch (error) {
    throw translateTemporalError(error, workflowId);
  }
}

/** A run that was ended from outside could not report what it knew; its history may show it. */
function reasonWithoutRequest(
  { status, runId }: SmsStatusReport,
  events: readonly HistoryEvent[],
): Pick<SmsStatusReport, 'reason' | 'details'> {
  const { originalExecutionRunId, continuedExecutionRunId, cronSchedule } =
    events[0]?.workflowExecutionStartedEventAttributes ?? {};
  // The history of a reset run lacks what the run before did after that point; one of a row, what
  // those before it did.
  const isWhole = originalExecutionRunId === runId && !continuedExecutionRunId && !cronSchedule;
  const isCut = status === 'terminated' || status === 'timed-out';
  if (!isWhole || !isCut || events.some(isRequest)) return {};
  const ended = status === 'terminated' ? 'An operator terminated' : 'A Temporal time-out ended';
  return {
    reason: `${ended} the run before any request was made. The message was not sent.`,
    details: {},
  };
}

function awaitedBy(
  { executionTime, raw }: WorkflowExecutionDescription,
  events: readonly HistoryEvent[],
): SmsAwaited | undefined {
  if (executionTime !== undefined && executionTime.getTime() > Date.now()) {
    return { what: 'start', at: executionTime.toISOString() };
  }
  const task = raw.pendingWorkflowTask;
  if (task?.state === PENDING_WORKFLOW_TASK_STATE_SCHEDULED) {
    return { what: 'worker', since: toIso(task.originalScheduledTime ?? task.scheduledTime) };
  }
  const [pending] = raw.pendingActivities ?? [];
  if (pending !== undefined) {
    const lastFailure = pending.lastFailure?.applicationFailureInfo?.type;
    const { nextAttemptScheduleTime } = pending;
    return {
      what: 'activity',
      activity: pending.activityType?.name ?? 'unknown',
      attempt: pending.attempt ?? 1,
      ...(isSmsRunErrorCode(lastFailure) ? { lastFailure } : {}),
      ...(nextAttemptScheduleTime ? { at: toIso(nextAttemptScheduleTime) } : {}),
    };
  }
  const firesAtMs = firstTimerOf(events);
  return firesAtMs === undefined ? undefined : { what: 'time', at: new Date(firesAtMs).toISOString() };
}

/** When the first of the timers fires that are under way. */
function firstTimerOf(events: readonly HistoryEvent[]): number | undefined {
  const timers = new Map<string, number>();
  for (const event of events) {
    const started = event.timerStartedEventAttributes;
    if (started) {
      timers.set(String(event.eventId), tsToMs(event.eventTime) + tsToMs(started.startToFireTimeout));
    }
    const over = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes;
    if (over) timers.delete(String(over.startedEventId));
  }
  return timers.size === 0 ? undefined : Math.min(...timers.values());
}

function toIso(time: Parameters<typeof tsToMs>[0]): string {
  return new Date(tsToMs(time)).toISOString();
}
