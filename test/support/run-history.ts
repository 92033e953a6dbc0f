import { randomUUID } from 'node:crypto';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { tsToMs } from '@temporalio/common/lib/time.js';
import type proto from '@temporalio/proto';

type History = proto.temporal.api.history.v1.IHistory;
type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

/** The history of the latest run under a workflow id. */
export function fetchHistory(client: Client, workflowId: string): Promise<History> {
  return client.workflow.getHandle(workflowId).fetchHistory();
}

/** The workflow id that a history is of, as replays need it: payloads are bound to it. */
export function workflowIdOf({ events }: History): string {
  return events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '';
}

/** The payload key of the encrypted histories; the others were recorded with encryption off. */
export const HISTORY_PAYLOAD_KEYS = `history:${'5c'.repeat(32)}`;

/**
 * The names of the activities in a history, in order: local ones from their markers, normal ones as
 * scheduled.
 */
export function activitiesIn(history: History): string[] {
  return (history.events ?? []).flatMap((event) => {
    const scheduled = event.activityTaskScheduledEventAttributes?.activityType?.name;
    if (scheduled) return [scheduled];
    const local = localActivityOf(event);
    return local === undefined ? [] : [`${local} (local)`];
  });
}

/** How many requests to the provider a run scheduled. */
export function sendAttemptsIn(history: History): number {
  return activitiesIn(history).filter((name) => name === 'sendSms').length;
}

/**
 * How each request to the provider that a run scheduled came back: `completed`, `timed out`, or the
 * type of its failure.
 */
export function sendEndsIn(history: History): string[] {
  const events = history.events ?? [];
  const requests = new Set(
    events
      .filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'sendSms')
      .map(({ eventId }) => String(eventId)),
  );
  return events.flatMap((event) => {
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed && requests.has(String(completed.scheduledEventId))) return ['completed'];
    const timedOut = event.activityTaskTimedOutEventAttributes;
    if (timedOut && requests.has(String(timedOut.scheduledEventId))) return ['timed out'];
    const failed = event.activityTaskFailedEventAttributes;
    if (!failed || !requests.has(String(failed.scheduledEventId))) return [];
    return [failed.failure?.applicationFailureInfo?.type ?? 'failed'];
  });
}

/** From the first event to the last by the server's clock, in milliseconds. */
export function durationOf(history: History): number {
  const times = (history.events ?? []).map(({ eventTime }) => tsToMs(eventTime));
  return Math.max(...times) - Math.min(...times);
}

/**
 * Everything a history holds, as text: names and values of all fields, bytes both in base64 and as
 * UTF-8.
 */
export function rawTextOf(value: unknown): string {
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value);
    return `${bytes.toString('base64')}\n${bytes.toString('utf8')}`;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, field]) => `${name}\n${rawTextOf(field)}`)
    .join('\n');
}

/**
 * Resets the latest run to the end of its first workflow task, as the Web UI's button does; the new
 * run's id.
 */
export async function resetToStart(temporal: Client, workflowId: string): Promise<string> {
  const { events } = await fetchHistory(temporal, workflowId);
  const first = events?.find((event) => event.workflowTaskCompletedEventAttributes);
  const { runId } = await temporal.workflowService.resetWorkflowExecution({
    namespace: temporal.options.namespace,
    workflowExecution: { workflowId },
    reason: 'test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: first?.eventId ?? null,
  });
  return runId;
}

/** Our own search attributes of a run, by name; the server adds some of its own. */
export function smsAttributesOf({
  typedSearchAttributes,
}: Pick<WorkflowExecutionDescription, 'typedSearchAttributes'>): Record<string, unknown> {
  const pairs = typedSearchAttributes.getAll().map(({ key, value }): [string, unknown] => [key.name, value]);
  return Object.fromEntries(pairs.filter(([name]) => name.startsWith('Sms')));
}

function localActivityOf(event: HistoryEvent): string | undefined {
  const [data] = event.markerRecordedEventAttributes?.details?.['data']?.payloads ?? [];
  if (data === undefined) return undefined;
  return defaultPayloadConverter.fromPayload<{ activity_type?: string }>(data).activity_type;
}
