import { defaultPayloadConverter } from '@temporalio/common';
import type proto from '@temporalio/proto';

type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

/** What a run's history shows that no run may do. */
export function brokenInHistory(events: readonly HistoryEvent[]): string[] {
  return [...decisionsWhileNotHeld(events), ...timersAfterCancel(events)];
}

/** A decision is taken from a run that is held, and from no other. */
function decisionsWhileNotHeld(events: readonly HistoryEvent[]): string[] {
  const broken: string[] = [];
  let status: unknown;
  for (const event of events) {
    const upserted =
      event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields?.['SmsStatus'];
    if (upserted) [status] = [defaultPayloadConverter.fromPayload<unknown>(upserted)].flat();
    const isDecision = event.workflowExecutionUpdateAcceptedEventAttributes;
    if (isDecision && status !== 'held')
      broken.push(`a decision was taken while the run was ${String(status)}, not held`);
  }
  return broken;
}

/** Once a workflow task has seen the cancel, the run waits for nothing any more. */
function timersAfterCancel(events: readonly HistoryEvent[]): string[] {
  const cancelled = events.findIndex((event) => event.workflowExecutionCancelRequestedEventAttributes);
  if (cancelled < 0) return [];
  const started = events.findIndex(
    (event, index) => index > cancelled && event.workflowTaskStartedEventAttributes,
  );
  const seen = events.findIndex(
    (event, index) => index > started && event.workflowTaskCompletedEventAttributes,
  );
  if (started < 0 || seen < 0) return [];
  return events.slice(seen).some((event) => event.timerFiredEventAttributes)
    ? ['the run waited on after it had received its cancel']
    : [];
}
