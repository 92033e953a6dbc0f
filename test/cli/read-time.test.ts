import assert from 'node:assert/strict';
import { UsageError } from '../../src/cli/cli-error.js';
import { readTime } from '../../src/cli/read-time.js';

describe('a time on the command line', () => {
  for (const text of [
    '2030-02-30',
    '2029-02-29',
    '2030-13-01',
    '2030-00-01',
    '2030-01-32',
    '0000-01-01',
    '1969-12-31',
    '2030-02-30T00:00:00Z',
    '2030-01-01T24:00:00Z',
    '2030-01-01T23:59:60Z',
    '2030-01-01T12:00:00',
    '2030-01-01T12:00:00+15:00',
    '10000-01-01',
    '24',
    '24w',
    '-1d',
    '1.5h',
    'yesterday',
    '',
  ]) {
    it(`is refused, naming the option: ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => readTime('--since', text),
        (error) =>
          error instanceof UsageError && error.message.startsWith('--since must be a valid ISO 8601 time'),
      );
    });
  }

  it('is ISO 8601 with a zone, or a day from 0:00 UTC', () => {
    assert.equal(readTime('--since', '2028-02-29')?.toISOString(), '2028-02-29T00:00:00.000Z');
    assert.equal(readTime('--since', '2030-01-01T12:00+02:00')?.toISOString(), '2030-01-01T10:00:00.000Z');
    assert.equal(readTime('--since', undefined), undefined);
  });

  it('is how long ago, back to 1970', () => {
    const nowMs = Date.now();
    const day = readTime('--since', '1d')?.getTime() ?? assert.fail();
    assert.ok(day >= nowMs - 86_400_000 && day <= Date.now() - 86_400_000);
    assert.equal(readTime('--since', '99999d')?.getTime(), 0);
  });
});
