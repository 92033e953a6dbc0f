import type { NativeConnection } from '@temporalio/worker';
import type { PolicyOverview } from '../domain/policy-overview.js';
import { createCountOpenRuns } from './count-open-runs.js';
import { createListFollowedRuns, startFollowedRunsGauge } from './followed-runs-gauge.js';
import { startHeldRunsGauge } from './held-runs-gauge.js';
import { startPolicyGauges } from './policy-gauges.js';
import type { Poll } from './poll.js';
import type { SmsMetrics } from './sms-metrics.js';

/**
 * Starts to ask for what only Temporal and PostgreSQL know: held and followed runs, and, where
 * SMS_POLICIES is on (`readOverview`), how the policies stand.
 */
export function startGauges(options: {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  metrics: SmsMetrics;
  intervalMs: number;
  readOverview: (() => Promise<PolicyOverview>) | undefined;
}): Poll {
  const { connection, namespace, taskQueue, metrics, intervalMs, readOverview } = options;
  const runs = { connection, namespace, taskQueue, answerMs: intervalMs };
  const countOpenRuns = createCountOpenRuns(runs);
  const listFollowedRuns = createListFollowedRuns(runs);
  const polls = [
    startHeldRunsGauge({ countOpenRuns, metrics, intervalMs }),
    startFollowedRunsGauge({ listFollowedRuns, metrics, intervalMs }),
  ];
  if (readOverview !== undefined)
    polls.push(startPolicyGauges({ readOverview, countOpenRuns, metrics: metrics.policies, intervalMs }));
  return {
    async stop() {
      await Promise.all(polls.map((poll) => poll.stop()));
    },
  };
}
