import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type proto from '@temporalio/proto';

type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

/** Something that happened in a run, in words. */
export interface RunStep {
  readonly eventId: number;
  readonly text: string;
  /** Set where the step is the end of one of the activities. */
  readonly activity?: { readonly name: string; readonly local: boolean };
}

/** The steps of a run, each as soon as the server has written it, until the run is closed. */
export async function* followRun(client: Client, workflowId: string, runId: string): AsyncGenerator<RunStep> {
  const scheduled = new Map<string, string>();
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      waitNewEvent: true,
      nextPageToken: nextPageToken ?? null,
    });
    for (const event of page.history?.events ?? []) {
      const step = describe(event, scheduled);
      if (step !== undefined) yield { eventId: Number(event.eventId), ...step };
    }
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
}

function describe(event: HistoryEvent, scheduled: Map<string, string>): Omit<RunStep, 'eventId'> | undefined {
  if (event.workflowExecutionStartedEventAttributes) return { text: 'run started' };
  if (event.markerRecordedEventAttributes) return describeLocalActivity(event.markerRecordedEventAttributes);
  if (event.activityTaskScheduledEventAttributes) {
    const name = event.activityTaskScheduledEventAttributes.activityType?.name ?? '';
    scheduled.set(String(event.eventId), name);
    return { text: `${name} scheduled` };
  }
  if (event.activityTaskStartedEventAttributes) {
    const name = scheduled.get(String(event.activityTaskStartedEventAttributes.scheduledEventId)) ?? '';
    return { text: `${name} started` };
  }
  if (event.activityTaskCompletedEventAttributes) {
    const name = scheduled.get(String(event.activityTaskCompletedEventAttributes.scheduledEventId)) ?? '';
    return { text: `${name} completed`, activity: { name, local: false } };
  }
  if (event.workflowExecutionCompletedEventAttributes) return { text: 'run completed' };
  return undefined;
}

/** A local activity leaves a marker, whose `data` names it. */
function describeLocalActivity(
  marker: proto.temporal.api.history.v1.IMarkerRecordedEventAttributes,
): Omit<RunStep, 'eventId'> | undefined {
  const [data] = marker.details?.['data']?.payloads ?? [];
  if (data === undefined) return undefined;
  const { activity_type: name } = defaultPayloadConverter.fromPayload<{ activity_type?: string }>(data);
  return name === undefined
    ? undefined
    : { text: `${name} completed, inside the workflow task`, activity: { name, local: true } };
}
