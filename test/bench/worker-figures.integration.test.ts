import assert from 'node:assert/strict';
import { summarizeMemory } from '../../tools/bench/worker/measure-memory.js';
import { renderMemory, renderProfile, renderStart } from '../../tools/bench/worker/render-worker.js';

const MIB = 2 ** 20;

describe('the memory of a worker', () => {
  it('has the median of each quarter, and the ratio of the last to the second', () => {
    const readings = [500, 1, 300, 200, 210, 190, 600, 220, 200, 230, 220, 0];
    const { sends, rssBytes, quarters, lastToSecond } = summarizeMemory(1_000, readings);
    assert.deepEqual([sends, rssBytes], [1_000, readings]);
    assert.deepEqual(quarters, [300, 200, 220, 220]);
    assert.equal(lastToSecond, 1.1);
  });

  it('has no ratio without readings in every quarter, or where one could not be read', () => {
    for (const readings of [[], [1], [Number.NaN, Number.NaN, Number.NaN, Number.NaN]]) {
      assert.equal(summarizeMemory(10, readings).lastToSecond, undefined);
    }
  });
});

describe('the report about a worker', () => {
  const startOf = (ratio: number | undefined) =>
    renderStart({ bundledAhead: [900, 1_000, 1_700], bundledAtStart: [2_000.4], ratio });
  const profileOf = (share: number) =>
    renderProfile({
      busyMs: 10,
      owners: [
        { owner: 'Temporal SDK', share: 1 - share },
        { owner: 'our own code', share },
      ],
      functions: [{ name: 'parse dist/a.js:1', owner: 'our own code', share }],
    });
  const memoryOf = (lastToSecond: number | undefined) =>
    renderMemory({
      sends: 5_000,
      rssBytes: [],
      lastToSecond,
      quarters: [200.4, 210, 220, 225].map((mib) => mib * MIB),
    });

  it('has the median start times, in whole milliseconds', () => {
    assert.match(startOf(0.5), /bundled by the build +1000 ms\n +bundled at start +2000 ms/);
  });

  it('has every owner and function with its share', () => {
    const text = profileOf(0.07);
    assert.match(text, /^ +93\.0 % {2}Temporal SDK$/m);
    assert.match(text, /^ +7\.0 % {2}our own code$/m);
    assert.match(text, /^ +7\.0 % {2}parse dist\/a\.js:1$/m);
  });

  it('has the memory of each quarter in MiB', () => {
    assert.match(memoryOf(1), /over 5000 sends[^]*200 MiB, 210 MiB, 220 MiB, 225 MiB/);
  });

  for (const [what, render, bound, wanted] of [
    ['the start', startOf, 0.6, '0.6 ×'],
    ['our own code', profileOf, 0.1, '10.0 %'],
    ['the memory', memoryOf, 1.1, '1.1 ×'],
  ] as const) {
    it(`says that the target for ${what} is met at its bound, and missed beyond it`, () => {
      assert.ok(render(bound).includes(`(wanted: ≤ ${wanted}, met)`), render(bound));
      assert.ok(render(bound + 0.01).includes(`(wanted: ≤ ${wanted}, missed)`), render(bound + 0.01));
    });
  }

  it('says what was not measured', () => {
    assert.match(startOf(undefined), /ratio +not measured/);
    assert.match(memoryOf(undefined), /last to second +not measured/);
  });
});
