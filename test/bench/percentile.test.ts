import assert from 'node:assert/strict';
import { percentile } from '../../tools/bench/measure/percentile.js';

describe('the percentile', () => {
  /** 1 to 100, in no order. */
  const hundred = Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) + 1);

  it('is the value at the nearest rank, whatever the order', () => {
    assert.deepEqual(
      [1, 50, 99, 100].map((percent) => percentile(hundred, percent)),
      [1, 50, 99, 100],
    );
    assert.equal(percentile([15, 20, 35, 40, 50], 30), 20);
    assert.equal(percentile([15, 20, 35, 40, 50], 99), 50);
  });

  it('sorts numbers as numbers', () => {
    assert.equal(percentile([9, 10, 100], 50), 10);
  });

  it('leaves the values as they are', () => {
    const values = [3, 1, 2];
    percentile(values, 50);
    assert.deepEqual(values, [3, 1, 2]);
  });

  it('is the lowest at 0, and of a single value that value', () => {
    assert.equal(percentile([3, 1, 2], 0), 1);
    assert.equal(percentile([7], 99), 7);
  });

  it('is NaN of nothing', () => {
    assert.ok(Number.isNaN(percentile([], 50)));
  });
});
