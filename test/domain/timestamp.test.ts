import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseTimestamp } from '../../src/domain/timestamp.js';

/** Times that no calendar or clock shows, or that do not say which moment they mean. */
const NO_TIMES = [
  '2030-02-30T00:00:00Z',
  '2030-02-29T00:00:00Z',
  '2100-02-29T00:00:00Z',
  '2030-04-31T12:00:00+02:00',
  '2030-06-31T12:00Z',
  '2030-00-10T00:00:00Z',
  '2030-13-01T00:00:00Z',
  '2030-01-00T00:00:00Z',
  '2030-01-32T00:00:00Z',
  '2030-01-01T24:00:00Z',
  '2030-01-01T24:00Z',
  '2030-01-01T25:00:00Z',
  '2030-01-01T12:60:00Z',
  '2030-01-01T12:00:60Z',
  '2016-12-31T23:59:60Z',
  '2030-01-01T00:00:00',
  '2030-01-01',
  '2030-01-01T00:00:00+24:00',
  '2030-01-01T00:00:00+15:00',
  '2030-01-01T00:00:00+01:60',
  '2030-01-01T00:00:00+0100',
  '2030-01-01T00:00:00+01',
  '2030-01-01 00:00:00Z',
  '2030-01-01t00:00:00z',
  '2030-01-01T00:00:00,5Z',
  '2030-01-01T00Z',
  '20300101T000000Z',
  '2030-W01-1T00:00:00Z',
  '+002030-01-01T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '1970-01-01T00:00:00+00:01',
  '10000-01-01T00:00:00Z',
  '9999-12-31T23:59:59-00:01',
  ' 2030-01-01T00:00:00Z',
  '2030-01-01T00:00:00Z\n',
  '30/01/2030 12:00',
  'tomorrow',
  '1900000000000',
  '',
];

describe('a time in ISO 8601', () => {
  for (const text of NO_TIMES) {
    it(`is invalid: ${JSON.stringify(text)}`, () => {
      assert.equal(parseTimestamp(text), undefined);
    });
  }

  for (const [text, utc] of [
    ['2030-01-31T09:00:00Z', '2030-01-31T09:00:00.000Z'],
    ['2030-01-31T09:00Z', '2030-01-31T09:00:00.000Z'],
    ['2028-02-29T23:59:59.999Z', '2028-02-29T23:59:59.999Z'],
    ['2030-01-01T00:00:00.123456789Z', '2030-01-01T00:00:00.123Z'],
    ['2030-03-01T00:30:00+02:00', '2030-02-28T22:30:00.000Z'],
    ['2030-01-01T00:00:00+14:00', '2029-12-31T10:00:00.000Z'],
    ['2030-01-01T00:00:00-09:30', '2030-01-01T09:30:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ] as const) {
    it(`is ${utc}: ${text}`, () => {
      assert.equal(new Date(parseTimestamp(text) ?? Number.NaN).toISOString(), utc);
    });
  }

  it('is invalid when it is not a string', () => {
    for (const value of [undefined, null, 1_900_000_000_000, new Date(), {}, []]) {
      assert.equal(parseTimestamp(value), undefined);
    }
  });

  it('is valid for every day of the calendar, and for no other', () => {
    const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
    fc.assert(
      fc.property(
        fc.integer({ min: 1971, max: 9998 }),
        ...([two(14), two(33), two(25), two(61), two(61)] as const),
        (year, month, day, hour, minute, second) => {
          const text = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
          const last = new Date(Date.UTC(year, Number(month), 0)).getUTCDate();
          const isReal =
            Number(month) >= 1 &&
            Number(month) <= 12 &&
            Number(day) >= 1 &&
            Number(day) <= last &&
            Number(hour) <= 23 &&
            Number(minute) <= 59 &&
            Number(second) <= 59;
          const atMs = parseTimestamp(text);
          assert.equal(atMs !== undefined, isReal, text);
          if (atMs !== undefined) assert.equal(new Date(atMs).toISOString(), text.replace('Z', '.000Z'));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
