import type { Client } from '@temporalio/client';
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

/** The names of the activities in a history, in order: local ones from their markers, normal ones as scheduled. */
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

/** From the first event to the last by the server's clock, in milliseconds. */
export function durationOf(history: History): number {
  const times = (history.events ?? []).map(({ eventTime }) => tsToMs(eventTime));
  return Math.max(...times) - Math.min(...times);
}

/** Everything a history holds, as text: names and values of all fields, bytes both in base64 and as UTF-8. */
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

function localActivityOf(event: HistoryEvent): string | undefined {
  const [data] = event.markerRecordedEventAttributes?.details?.['data']?.payloads ?? [];
  if (data === undefined) return undefined;
  return defaultPayloadConverter.fromPayload<{ activity_type?: string }>(data).activity_type;
}
