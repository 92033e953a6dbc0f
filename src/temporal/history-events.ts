import type proto from '@temporalio/proto';
import { SEND_ACTIVITY } from '../domain/names.js';
import { askAboutRun, isRunNotFound } from './ask-temporal.js';
import type { TemporalClient } from './runs-options.js';

/** One event of a run's history. */
export type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

/** Names a run; without a run id, the latest under the workflow id. */
export interface RunReference {
  readonly workflowId: string;
  readonly runId?: string;
}

/**
 * Reads all events of a run, as they stand when the first page is read.
 *
 * @throws errors of the Temporal client
 */
export async function readHistory(
  client: TemporalClient,
  execution: RunReference,
): Promise<readonly HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextPageToken: Uint8Array | null = null;
  do {
    const page = await readPage(client, execution, nextPageToken);
    events.push(...(page.history?.events ?? []));
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
  return events;
}

/**
 * Reads all events of a run; undefined if there is no such run (any more). Throws as
 * {@link readHistory} does.
 */
export async function findHistory(
  client: TemporalClient,
  execution: RunReference,
): Promise<readonly HistoryEvent[] | undefined> {
  try {
    return await readHistory(client, execution);
  } catch (error) {
    if (isRunNotFound(error)) return undefined;
    throw error;
  }
}

/** The type of the activity that an event schedules; undefined for every other event. */
export function scheduledActivity(event: HistoryEvent): string | undefined {
  return event.activityTaskScheduledEventAttributes?.activityType?.name ?? undefined;
}

/** Whether an event schedules a request to the provider. */
export function isRequest(event: HistoryEvent): boolean {
  return scheduledActivity(event) === SEND_ACTIVITY;
}

/**
 * The id of the event that scheduled the activity whose end an event is; undefined for every other
 * event.
 */
export function endedActivity(event: HistoryEvent): string | undefined {
  const ended =
    event.activityTaskCompletedEventAttributes ??
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.activityTaskCanceledEventAttributes;
  return ended ? String(ended.scheduledEventId) : undefined;
}

/**
 * Reads the first event of a run; undefined for a history without events.
 *
 * @throws errors of the Temporal client
 */
export async function readFirstEvent(
  client: TemporalClient,
  execution: RunReference,
): Promise<HistoryEvent | undefined> {
  const { history } = await readPage(client, execution, null, 1);
  return history?.events?.[0];
}

/** The first event of a run; undefined if there is no such run. */
export async function fetchFirstEvent(
  client: TemporalClient,
  execution: RunReference,
): Promise<HistoryEvent | undefined> {
  return await askAboutRun('read the start of a run', async () => {
    const first = await readFirstEvent(client, execution);
    if (first === undefined) throw new Error('A history contains no events.');
    return first;
  });
}

function readPage(
  client: TemporalClient,
  execution: RunReference,
  nextPageToken: Uint8Array | null,
  maximumPageSize = 0,
) {
  const { namespace } = client.options;
  return client.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution,
    nextPageToken,
    maximumPageSize,
  });
}
