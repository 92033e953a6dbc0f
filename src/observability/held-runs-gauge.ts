import type { CountOpenRuns } from './count-open-runs.js';
import { startPoll, type Poll } from './poll.js';
import type { SmsMetrics } from './sms-metrics.js';

/**
 * Starts to ask, at once and then every `intervalMs`, how many runs are held. Every worker asks for
 * the whole task queue, so all report the same number. While Temporal does not answer, the last
 * number stays, and so does its time.
 */
export function startHeldRunsGauge(options: {
  countOpenRuns: CountOpenRuns;
  metrics: Pick<SmsMetrics, 'setHeld'>;
  intervalMs: number;
}): Poll {
  const { countOpenRuns, metrics, intervalMs } = options;
  return startPoll(intervalMs, async () => {
    metrics.setHeld(await countOpenRuns('held'), Date.now());
  });
}
