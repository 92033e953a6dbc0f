import assert from 'node:assert/strict';
import { renderMoments, TARGET_MS } from '../../tools/bench/moments/render-moments.js';

describe('the table of moments', () => {
  it('shows each history, and whether its median meets the target', () => {
    const text = renderMoments([
      { label: 'few', bestMs: 4.04, medianMs: TARGET_MS, p99Ms: 12 },
      { label: 'many', bestMs: 9, medianMs: TARGET_MS + 0.1, p99Ms: 20 },
    ]);
    assert.match(text, /few +│ 4\.0 ms │ 10\.0 ms │ 12\.0 ms │ met/);
    assert.match(text, /many +│ 9\.0 ms │ 10\.1 ms │ 20\.0 ms │ missed/);
  });
});
