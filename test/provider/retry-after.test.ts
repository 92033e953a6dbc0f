import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { parseRetryAfterMs } from '../../src/provider/retry-after.js';

const NOW = Date.UTC(2030, 0, 1);

const TABLE: [string | null | undefined, number | undefined][] = [
  ['0', 0],
  ['1', 1_000],
  [' 30 ', 30_000],
  ['86400', 86_400_000],
  ['Tue, 01 Jan 2030 00:00:30 GMT', 30_000],
  ['Tue, 01 Jan 2030 00:00:00 GMT', 0],
  ['Mon, 31 Dec 2029 23:59:00 GMT', 0],
  [undefined, undefined],
  [null, undefined],
  ['', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['1e3', undefined],
  ['0x10', undefined],
  ['12345678901', 365 * 86_400_000],
  ['Tuesday, 01-Jan-30 00:00:30 GMT', 30_000],
  ['5 seconds', undefined],
  ['soon', undefined],
  ['Tue, soon', undefined],
  ['2030-01-01T00:00:30Z', undefined],
];

describe('parseRetryAfterMs', () => {
  for (const [header, expected] of TABLE) {
    it(`reads ${inspect(header)} as ${expected ?? 'nothing'}`, () => {
      assert.equal(parseRetryAfterMs(header, NOW), expected);
    });
  }

  it('reads any future date as the time until then, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
        const header = new Date(NOW + seconds * 1_000).toUTCString();
        assert.equal(parseRetryAfterMs(header, NOW), seconds * 1_000);
      }),
    );
  });

  it('is undefined or at least 0 for any header', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `Mon, ${text}`),
        ),
        (header) => {
          const waitMs = parseRetryAfterMs(header, NOW);
          assert.ok(waitMs === undefined || (Number.isFinite(waitMs) && waitMs >= 0));
        },
      ),
    );
  });
});
