import { readMachine } from '../measure/read-machine.js';
import type { BenchParts } from '../parts.js';
import { showBar } from '../progress-bar.js';
import { reportOnce } from '../report-once.js';
import type { Comparison } from '../results.js';
import { startComparison, type ComparisonPlan } from './run-comparison.js';

/**
 * Measures a plan, shows how far it is, and reports it; after Ctrl-C, what was measured by then.
 */
export async function measureAndReport(
  { accountId, databaseUrl, cleanUp }: BenchParts,
  plan: ComparisonPlan,
  report: (results: Comparison) => Promise<void>,
): Promise<void> {
  const ending = new AbortController();
  const bar = showBar();
  const comparison = startComparison({
    plan,
    accountId,
    machine: await readMachine(databaseUrl),
    signal: ending.signal,
    onWindow({ done, of, label, inFlight }) {
      bar.show(done, of, `${label}, ${inFlight} in flight`);
    },
  });
  const end = reportOnce(cleanUp, async () => {
    ending.abort();
    await comparison.done.catch(() => undefined);
    bar.stop();
    await report(comparison.results());
  });
  await comparison.done;
  await end();
}
