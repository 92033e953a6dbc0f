import type { PolicyOverview } from '../domain/policy-overview.js';
import type { CountOpenRuns } from './count-open-runs.js';
import { startPoll, type Poll } from './poll.js';
import type { PolicyMetrics } from './policy-metrics.js';

/**
 * Starts to ask, at once and then every `intervalMs`, how the policies of all accounts stand:
 * PostgreSQL, and Temporal for the sends that wait. Every worker reports the same numbers. While
 * one of the two does not answer, the last numbers stay, and so does their time.
 */
export function startPolicyGauges(options: {
  readOverview: () => Promise<PolicyOverview>;
  countOpenRuns: CountOpenRuns;
  metrics: PolicyMetrics;
  intervalMs: number;
}): Poll {
  const { readOverview, countOpenRuns, metrics, intervalMs } = options;
  return startPoll(intervalMs, async () => {
    const overview = await readOverview();
    const { closedAccounts } = overview;
    const unread = overview.unreadAccounts.filter((id) => !closedAccounts.includes(id));
    const of = (accountIds: readonly string[]) =>
      accountIds.length === 0 ? Promise.resolve(0) : countOpenRuns('waiting', accountIds);
    const [all, phone, inbox] = await Promise.all([countOpenRuns('waiting'), of(closedAccounts), of(unread)]);
    metrics.set(
      overview,
      // Counted one after the other, while runs come and go.
      { phone, inbox, moment: Math.max(0, all - phone - inbox) },
      Date.now(),
    );
  });
}
