import type { Activities } from '../activities/types.js';
import type { SmsMetrics } from './sms-metrics.js';

/** The same activities, with metrics for what their ports do not show. */
export function measureActivities(activities: Activities, metrics: SmsMetrics): Activities {
  return {
    ...activities,
    async findSentSms(input) {
      const verdict = await activities.findSentSms(input);
      metrics.countLogCheck(verdict.verdict);
      return verdict;
    },
  };
}
