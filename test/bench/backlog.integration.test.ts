import assert from 'node:assert/strict';
import { placesOf, type Drain } from '../../tools/bench/backlog/drain-backlog.js';
import { usagePerSend } from '../../tools/bench/measure/read-postgres.js';
import { renderBacklog } from '../../tools/bench/backlog/render-backlog.js';

const MIB = 2 ** 20;

describe('the positions of an account in a backlog', () => {
  const order = ['a', 'b', 'small-1', 'c', 'small-2', 'd'];

  it('count from 1, and include the first and the last', () => {
    assert.deepEqual(placesOf(new Set(['small-2', 'small-1']), order), { first: 3, last: 5, sends: 2 });
    assert.deepEqual(placesOf(new Set(['a', 'd']), order), { first: 1, last: 6, sends: 2 });
  });

  it('include the number of its sends', () => {
    assert.deepEqual(placesOf(new Set(['b', 'lost']), order), { first: 2, last: 2, sends: 1 });
  });

  it('are NaN without a send', () => {
    assert.deepEqual(placesOf(new Set(['lost']), order), {
      first: Number.NaN,
      last: Number.NaN,
      sends: 0,
    });
  });
});

describe('the work of PostgreSQL', () => {
  it('is reported per send, from one reading to the next', () => {
    const before = { diskBytes: 1_000, walBytes: 500, commits: 7 };
    const after = { diskBytes: 5_000, walBytes: 9_500, commits: 47 };
    assert.deepEqual(usagePerSend(before, after, 20), { diskBytes: 200, walBytes: 450, commits: 2 });
  });
});

describe('the table of drained backlogs', () => {
  const drain: Drain = {
    sends: 5_010,
    workers: 2,
    tookMs: 83_500,
    sendsPerSecond: 59.96,
    smallAccountPlaces: { first: 3, last: 41, sends: 10 },
    notCompleted: 4,
    surplusMessages: 7,
    postgresPerSend: { diskBytes: 12_493, walBytes: 51_200, commits: 21.4 },
    peakRssBytes: [300 * MIB, 352.4 * MIB],
  };

  it('has a line for each backlog, with the peak memory of its workers', () => {
    const text = renderBacklog([drain, { ...drain, workers: 1, tookMs: 9_000 }]);
    const cells = text
      .split('\n')
      .filter((line) => line.includes('5010'))
      .map((line) =>
        line
          .split('│')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    const common = ['60.0', '3 to 41 (10 sends)', '4', '7', '352 MiB'];
    assert.deepEqual(cells, [
      ['2', '5010', '1:23', ...common],
      ['1', '5010', '0:09', ...common],
    ]);
  });

  it('shows the work of PostgreSQL per send', () => {
    const text = renderBacklog([drain]);
    assert.ok(
      text.includes('(workers: 2): 12.2 KiB on disk, 50.0 KiB of write-ahead log, 21 transactions'),
      text,
    );
  });
});
