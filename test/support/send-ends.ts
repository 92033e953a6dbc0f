import type proto from '@temporalio/proto';

type History = proto.temporal.api.history.v1.IHistory;

/** How each request to the provider that a run scheduled came back: `completed`, `timed out`, or the type of its failure. */
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
