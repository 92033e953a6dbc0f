import proto from '@temporalio/proto';

type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

const { EventType } = proto.temporal.api.enums.v1;

/** Events that are an action each (docs.temporal.io/cloud/actions). */
const ACTIONS = new Set<unknown>([
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
  EventType.EVENT_TYPE_TIMER_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
  EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
  EventType.EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED,
]);

/**
 * How many actions Temporal Cloud bills for a run, as its documentation counts them
 * (docs.temporal.io/cloud/actions, "Actions"): starts, activities and their retries, timers,
 * signals, updates, upserts; local activities are one for each workflow task in which they were
 * completed. Child workflows, schedules and Nexus are left out, as none of the measured workflows
 * has any.
 */
export function countBillableActions(events: readonly HistoryEvent[]): number {
  let actions = 0;
  const tasksWithLocalActivities = new Set<string>();
  for (const event of events) {
    if (ACTIONS.has(event.eventType)) actions += 1;
    const attempt = event.activityTaskStartedEventAttributes?.attempt ?? 1;
    actions += attempt - 1;
    const marker = event.markerRecordedEventAttributes;
    if (marker?.markerName === 'core_local_activity') {
      tasksWithLocalActivities.add(String(marker.workflowTaskCompletedEventId));
    }
  }
  return actions + tasksWithLocalActivities.size;
}
