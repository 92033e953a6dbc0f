import assert from 'node:assert/strict';
import { compareWithShipped, renderSettings } from '../../tools/bench/settings/render-settings.js';
import { SHIPPED } from '../../tools/bench/settings/variants.js';
import { makeComparison, makeSample } from './make-comparison.js';

/** One sample for each round, with these sends per second. */
const rounds = (system: string, sendsPerSecond: readonly number[], inFlight = 20) =>
  sendsPerSecond.map((rate, round) => makeSample({ system, round, inFlight, sendsPerSecond: rate }));

describe('the settings, compared with the shipped ones', () => {
  it('are compared round by round, not over all rounds', () => {
    const figures = compareWithShipped(
      makeComparison([...rounds(SHIPPED, [10, 100, 10]), ...rounds('tried', [20, 50, 40])]),
    );
    const tried = figures.find(({ label }) => label === 'the tried');
    assert.deepEqual(tried?.sendsPerSecond, { median: 2, lowest: 0.5, highest: 4 });
    const shipped = figures.find(({ label }) => label === `the ${SHIPPED}`);
    assert.deepEqual(shipped?.sendsPerSecond, { median: 1, lowest: 1, highest: 1 });
  });

  it('are compared at the same load, for each load', () => {
    const figures = compareWithShipped(
      makeComparison([
        ...rounds(SHIPPED, [10], 1),
        ...rounds('tried', [30], 1),
        ...rounds(SHIPPED, [100], 20),
        ...rounds('tried', [50], 20),
      ]),
    );
    const medians = figures.map(({ label, inFlight, sendsPerSecond }) => [
      label,
      inFlight,
      sendsPerSecond?.median,
    ]);
    assert.deepEqual(medians, [
      [`the ${SHIPPED}`, 1, 1],
      ['the tried', 1, 3],
      [`the ${SHIPPED}`, 20, 1],
      ['the tried', 20, 0.5],
    ]);
  });

  it('are compared by time, too, and by CPU where it was measured', () => {
    const [, tried] = compareWithShipped(
      makeComparison([
        makeSample({ system: SHIPPED, p50Ms: 10, workerCpuMs: 4 }),
        makeSample({ system: 'tried', p50Ms: 15, workerCpuMs: 3, serverCpuMs: 9 }),
      ]),
    );
    assert.equal(tried?.p50?.median, 1.5);
    assert.equal(tried.workerCpu?.median, 0.75);
    assert.equal(tried.serverCpu, undefined);
  });

  it('have no ratio for a round without a measurement of the shipped settings', () => {
    const [, tried] = compareWithShipped(
      makeComparison([...rounds(SHIPPED, [10]), ...rounds('tried', [20, 90])]),
    );
    assert.deepEqual(tried?.sendsPerSecond, { median: 2, lowest: 2, highest: 2 });
  });

  it('are shown in a table with medians and bounds, and a dash for missing values', () => {
    const text = renderSettings(
      compareWithShipped(
        makeComparison([...rounds(SHIPPED, [10, 100, 10]), ...rounds('tried', [20, 50, 40])]),
      ),
    );
    assert.match(text, /│ 20 +│ the tried +│ 2\.00 \(0\.50 to 4\.00\) +│ 1\.00 [^│]+│ – +│ – +│/);
  });
});
