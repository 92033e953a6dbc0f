import { activityFailure, asActivityFailure } from './activity-failure.js';
import { currentRun } from './current-run.js';
import type { ActivityPorts } from './ports.js';
import type { Activities } from './types.js';

const NO_POLICIES =
  'The job has the purpose marketing, but SMS_POLICIES of this worker is off, so that it knows neither opt-outs nor hours nor limits.';

/** Makes the activities around the moments of marketing requests. */
export function createMomentActivities({
  policies,
  inboxes,
}: Pick<ActivityPorts, 'policies' | 'inboxes'>): Pick<
  Activities,
  'reserveMoment' | 'releaseMoment' | 'openPhone'
> {
  const known = () => {
    if (policies === undefined) throw activityFailure('VALIDATION_FAILED', { message: NO_POLICIES });
    return policies;
  };
  return {
    reserveMoment: (input) =>
      asActivityFailure(async () => {
        const { workflowId } = currentRun();
        const { answer, readInbox } = await known().reserveMoment({ ...input, workflowId });
        if (readInbox) await inboxes.readSoon(input.accountId);
        return answer;
      }),
    releaseMoment: ({ ticket }) => asActivityFailure(() => known().releaseMoment(ticket)),
    openPhone: (phone) => asActivityFailure(() => known().openPhone(phone)),
  };
}
