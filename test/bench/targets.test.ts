import assert from 'node:assert/strict';
import { summarize } from '../../tools/bench/report/summarize.js';
import { evaluateTargets, type Target } from '../../tools/bench/report/targets.js';
import type { MeasuredSystem, Sample } from '../../tools/bench/results.js';
import { makeComparison, makeSample } from './make-comparison.js';

const evaluateSamples = (samples: readonly Sample[], systems?: readonly MeasuredSystem[]) =>
  evaluateTargets(summarize(makeComparison(samples, systems && { systems })));

const findTarget = (targets: readonly Target[], name: string, atLoad?: number) => {
  const target = targets.find((each) => each.name === name && each.atLoad === atLoad);
  assert.ok(target, name);
  return target;
};

interface Bound {
  readonly name: string;
  readonly against: string;
  readonly figure: 'sendsPerSecond' | 'p50Ms';
  readonly loads: readonly number[];
  readonly bound: number;
  readonly isMetAbove: boolean;
  readonly wanted: string;
}

const THROUGHPUT = { figure: 'sendsPerSecond', loads: [20, 100], isMetAbove: true } as const;

const BOUNDS: readonly Bound[] = [
  {
    ...THROUGHPUT,
    name: 'throughput against three activities',
    against: 'threeActivities',
    bound: 1.6,
    wanted: '≥ 1.6 ×',
  },
  {
    name: 'p50 against three activities',
    against: 'threeActivities',
    figure: 'p50Ms',
    loads: [1],
    bound: 0.6,
    isMetAbove: false,
    wanted: '≤ 0.6 ×',
  },
  {
    ...THROUGHPUT,
    name: 'throughput against one activity',
    against: 'oneActivity',
    bound: 0.9,
    wanted: '≥ 0.9 ×',
  },
  {
    ...THROUGHPUT,
    name: 'throughput against payloads in clear',
    against: 'durablePlain',
    bound: 0.95,
    wanted: '≥ 0.95 ×',
  },
];

describe('the targets', () => {
  for (const { name, against, figure, loads, bound, isMetAbove, wanted } of BOUNDS) {
    for (const inFlight of loads) {
      it(`flip at the bound: ${name}, ${inFlight} in flight`, () => {
        const judge = (ratio: number) =>
          findTarget(
            evaluateSamples([
              makeSample({ inFlight, [figure]: ratio }),
              makeSample({ system: against, inFlight, [figure]: 1 }),
            ]),
            name,
            inFlight,
          );
        assert.deepEqual(judge(bound), {
          name,
          wanted,
          measured: bound,
          isMet: true,
          isRatio: true,
          atLoad: inFlight,
        });
        assert.equal(judge(bound + 0.001).isMet, isMetAbove);
        assert.equal(judge(bound - 0.001).isMet, !isMetAbove);
      });
    }
  }

  const COSTS = [
    { name: 'events in the history', cost: 'events', most: 13 },
    { name: 'billable actions', cost: 'billableActions', most: 3 },
  ] as const;
  for (const { name, cost, most } of COSTS) {
    it(`flip at the bound: ${name}`, () => {
      const judge = (count: number) => {
        const costs = { events: 0, bytes: 0, billableActions: 0, [cost]: count };
        return findTarget(evaluateSamples([], [{ name: 'durable', label: 'ours', cost: costs }]), name);
      };
      assert.deepEqual(judge(most), {
        name,
        wanted: `≤ ${most}`,
        measured: most,
        isMet: true,
        isRatio: false,
      });
      assert.equal(judge(most + 1).isMet, false);
    });
  }

  it('are compared with the median of the ratios of the rounds', () => {
    const rounds = [
      [300, 100],
      [60, 30],
      [40, 10],
    ] as const;
    const targets = evaluateSamples(
      rounds.flatMap(([ours, theirs], round) => [
        makeSample({ round, sendsPerSecond: ours }),
        makeSample({ system: 'threeActivities', round, sendsPerSecond: theirs }),
      ]),
    );
    assert.equal(findTarget(targets, 'throughput against three activities', 20).measured, 3);
  });

  it('are neither met nor missed where they were not measured', () => {
    const targets = evaluateSamples([makeSample({})]);
    assert.equal(targets.length, 9);
    for (const { measured, isMet } of targets) {
      assert.deepEqual({ measured, isMet }, { measured: undefined, isMet: undefined });
    }
  });
});
