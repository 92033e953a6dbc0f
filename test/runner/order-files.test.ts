import assert from 'node:assert/strict';
import { orderBySlowest, shuffle } from './order-files.js';

describe('the order of test files', () => {
  const sizeOf = (file: string) => file.length;

  it('starts with unknown files, the longest first, followed by the slowest', () => {
    const durations = new Map([
      ['fast', 10],
      ['slow', 900],
    ]);
    assert.deepEqual(orderBySlowest(['fast', 'new', 'slow', 'longer'], durations, sizeOf), [
      'longer',
      'new',
      'slow',
      'fast',
    ]);
  });

  it('can be random, and still contains every file once', () => {
    const files = ['a', 'b', 'c', 'd'];
    let last = 1;
    const falling = () => (last -= 0.1);
    assert.deepEqual(shuffle(files, falling), ['d', 'c', 'b', 'a']);
    assert.deepEqual(shuffle(files).toSorted(), files);
  });
});
