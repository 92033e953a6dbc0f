import assert from 'node:assert/strict';
import { findFigures, summarize } from '../../tools/bench/report/summarize.js';
import type { Comparison } from '../../tools/bench/results.js';
import { makeComparison, makeSample } from './make-comparison.js';

/** What is measured of `durable` and of three activities, round by round. */
const sampleRounds = (durable: readonly number[], threeActivities: readonly number[]) => [
  ...durable.map((sendsPerSecond, round) => makeSample({ round, sendsPerSecond })),
  ...threeActivities.map((sendsPerSecond, round) =>
    makeSample({ system: 'threeActivities', round, sendsPerSecond }),
  ),
];

const ofDurable = (comparison: Comparison) => findFigures(summarize(comparison), 'durable', 20)!;

describe('the summary of a comparison', () => {
  it('has the median, the lowest and the highest throughput of the rounds', () => {
    const { sendsPerSecond } = ofDurable(makeComparison(sampleRounds([100, 9, 20], [])));
    assert.deepEqual(sendsPerSecond, { median: 20, lowest: 9, highest: 100 });
    const even = ofDurable(makeComparison(sampleRounds([100, 9, 20, 30], [])));
    assert.equal(even.sendsPerSecond?.median, 25);
  });

  it('has the medians of the times, and of CPU where it was measured', () => {
    const comparison = makeComparison([
      makeSample({ round: 0, p50Ms: 5, p99Ms: 70, workerCpuMs: 3 }),
      makeSample({ round: 1, p50Ms: 1, p99Ms: 90, workerCpuMs: 2 }),
      makeSample({ round: 2, p50Ms: 3, p99Ms: 80 }),
    ]);
    const { p50Ms, p99Ms, workerCpuMs, serverCpuMs } = ofDurable(comparison);
    assert.deepEqual(
      { p50Ms, p99Ms, workerCpuMs, serverCpuMs },
      {
        p50Ms: 3,
        p99Ms: 80,
        workerCpuMs: 2.5,
        serverCpuMs: undefined,
      },
    );
  });

  it('takes the median of the ratios of the rounds, not the ratio of the medians', () => {
    // 3, 2 and 4 times as fast in a round; by the medians, 60 and 30, it would be 2.
    const { against } = ofDurable(makeComparison(sampleRounds([300, 60, 40], [100, 30, 10])));
    assert.deepEqual(against.threeActivities.sendsPerSecond, { median: 3, lowest: 2, highest: 4 });
  });

  it('compares the latency of the same round too', () => {
    const { against } = ofDurable(
      makeComparison([
        makeSample({ round: 1, p50Ms: 30 }),
        makeSample({ round: 0, p50Ms: 10 }),
        makeSample({ system: 'nothing', round: 0, p50Ms: 20 }),
        makeSample({ system: 'nothing', round: 1, p50Ms: 40 }),
      ]),
    );
    assert.deepEqual(against.nothing.p50Ms, { median: 0.625, lowest: 0.5, highest: 0.75 });
  });

  it('leaves a round out of the ratios where one of the two is missing', () => {
    const { against, sendsPerSecond } = ofDurable(makeComparison(sampleRounds([20, 30, 900], [10, 10])));
    assert.deepEqual(against.threeActivities.sendsPerSecond, { median: 2.5, lowest: 2, highest: 3 });
    assert.equal(sendsPerSecond?.highest, 900);
    const other = ofDurable(makeComparison(sampleRounds([20], [10, 1])));
    assert.deepEqual(other.against.threeActivities.sendsPerSecond, { median: 2, lowest: 2, highest: 2 });
  });

  it('leaves out NaN, which a window without sends yields', () => {
    const { against } = ofDurable(makeComparison(sampleRounds([20, 30, 0], [10, 0, 0])));
    assert.deepEqual(against.threeActivities.sendsPerSecond, { median: 2, lowest: 2, highest: 2 });
    const { p50Ms } = ofDurable(makeComparison([makeSample({ p50Ms: Number.NaN })]));
    assert.equal(p50Ms, undefined);
  });

  it('has no ratio without the reference, nor to another load', () => {
    const { against } = ofDurable(
      makeComparison([makeSample({}), makeSample({ system: 'oneActivity', inFlight: 100 })]),
    );
    for (const ratios of Object.values(against)) {
      assert.deepEqual(ratios, { sendsPerSecond: undefined, p50Ms: undefined });
    }
  });

  it('has the loads in ascending order, and no figures for what was not measured', () => {
    const summary = summarize(
      makeComparison([
        ...[100, 1, 20].map((inFlight) => makeSample({ inFlight })),
        makeSample({ system: 'nothing', inFlight: 1 }),
      ]),
    );
    assert.deepEqual(summary.loads, [1, 20, 100]);
    assert.ok(findFigures(summary, 'nothing', 1));
    assert.equal(findFigures(summary, 'nothing', 20), undefined);
  });

  it('counts the rounds that were measured in full', () => {
    const samples = sampleRounds([20, 30, 40], [10, 10]);
    assert.equal(summarize(makeComparison(samples, { isComplete: false })).roundsMeasured, 2);
    assert.equal(summarize(makeComparison(sampleRounds([20, 30], [10, 10]))).roundsMeasured, 2);
    assert.equal(summarize(makeComparison([makeSample({})], { isComplete: false })).roundsMeasured, 0);
    assert.equal(summarize(makeComparison([])).roundsMeasured, 0);
  });
});
