import assert from 'node:assert/strict';
import { formatElapsed, withProgress } from '../../tools/servers/progress.js';

describe('progress', () => {
  it('stays silent about quick work, and returns its value', async () => {
    const lines: string[] = [];
    const value = await withProgress(
      (line) => lines.push(line),
      'working',
      () => Promise.resolve(42),
    );
    assert.equal(value, 42);
    assert.deepEqual(lines, []);
  });

  it('passes on the error of the work', async () => {
    const failure = new Error('it broke');
    await assert.rejects(
      withProgress(
        () => undefined,
        'working',
        () => Promise.reject(failure),
      ),
      failure,
    );
  });

  it('formats minutes and seconds', () => {
    assert.equal(formatElapsed(0), '0:00');
    assert.equal(formatElapsed(9_999), '0:09');
    assert.equal(formatElapsed(60_000), '1:00');
    assert.equal(formatElapsed(3_661_000), '61:01');
  });
});
