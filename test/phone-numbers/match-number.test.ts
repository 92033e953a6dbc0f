import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CountryCode } from 'libphonenumber-js';
import { matchNumber, readSender } from '../../src/phone-numbers/match-number.js';

const FRENCH = '+33639980001';
const OTHERS = ['+33639980002', '+4915112345678', '+447911123456', '+262692123456', '+12025550123'];

describe('the sender of a message', () => {
  for (const [from, region, number] of [
    ['+33639980001', 'FR', FRENCH],
    ['+33639980001', 'US', FRENCH],
    ['+33 6 39 98 00 01', 'FR', FRENCH],
    ['+33 (0)6 39 98 00 01', 'FR', FRENCH],
    ['+330639980001', 'FR', FRENCH],
    ['0033639980001', 'FR', FRENCH],
    ['0033639980001', 'US', FRENCH],
    ['33639980001', 'FR', FRENCH],
    ['33639980001', 'US', FRENCH],
    ['33639980001', 'DE', FRENCH],
    ['0639980001', 'FR', FRENCH],
    ['06 39 98 00 01', 'FR', FRENCH],
    ['06.39.98.00.01', 'FR', FRENCH],
    ['639980001', 'FR', FRENCH],
    ['tel:+33639980001', 'FR', FRENCH],
    ['\u202a+33639980001\u202c', 'FR', FRENCH],
    ['0692123456', 'FR', '+262692123456'],
    ['0692123456', 'RE', '+262692123456'],
    ['07911 123456', 'GB', '+447911123456'],
    ['0151 12345678', 'DE', '+4915112345678'],
    ['(202) 555-0123', 'US', '+12025550123'],
    // Not readable in the region: the last eight digits decide.
    ['262692123456', 'FR', '+262692123456'],
    ['447911123456', 'FR', '+447911123456'],
    ['330639980001', 'FR', FRENCH],
    ['00330639980001', 'FR', FRENCH],
    ['011639980001', 'FR', FRENCH],
  ] as const) {
    it(`${from} in ${region} is ${number}`, () => {
      assert.deepEqual(matchNumber(from, [...OTHERS, FRENCH], region), [number]);
    });
  }

  for (const [from, region] of [
    ['MPESA', 'FR'],
    ['36180', 'FR'],
    ['+36180', 'FR'],
    ['980001', 'FR'],
    ['39980001x', 'FR'],
    ['STOP 39980001', 'FR'],
    ['ORANGE 0639980001', 'FR'],
    ['0639980001, 0639980002', 'FR'],
    ['Info33639980001', 'FR'],
    ['', 'FR'],
    ['   ', 'FR'],
    // Readable in the region, and another number.
    ['0139980001', 'FR'],
    ['0739980001', 'FR'],
    ['+34639980001', 'FR'],
    ['0639980001', 'DE'],
    // Too long for a number.
    [`${'0'.repeat(80)}33639980001`, 'FR'],
  ] as const) {
    it(`${JSON.stringify(from)} in ${region} is none of them`, () => {
      assert.deepEqual(matchNumber(from, [...OTHERS, FRENCH], region), []);
    });
  }

  it('may be several numbers where only the last eight digits can be compared', () => {
    const alike = ['+33639980001', '+4939980001', '+33639980002'];
    assert.deepEqual(matchNumber('011639980001', alike, 'FR'), ['+33639980001', '+4939980001']);
    assert.deepEqual(matchNumber('0639980001', alike, 'FR'), ['+33639980001']);
  });

  it('is given for a query, too', () => {
    assert.deepEqual(readSender('0639980001', 'FR'), { numbers: [FRENCH] });
    assert.deepEqual(readSender('011639980001', 'FR'), { numbers: [], lastDigits: '39980001' });
    assert.deepEqual(readSender('MPESA', 'FR'), { numbers: [] });
  });

  const regions = fc.constantFrom<CountryCode>('FR', 'RE', 'DE', 'US', 'GB', 'IT', 'BR', 'KE', 'NO');

  it('never throws, and no letter makes a number', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 90 }), regions, (from, region) => {
        matchNumber(from, OTHERS, region);
      }),
      { numRuns: 500 },
    );
    const names = fc
      .stringMatching(/^[A-Za-z][A-Za-z0-9 ]{2,10}$/)
      .filter((name) => !/^(?:tel|sms)/i.test(name));
    fc.assert(
      fc.property(names, regions, (from, region) => {
        assert.deepEqual(readSender(from, region), { numbers: [] });
      }),
    );
  });

  it('is found as E.164 in every region', () => {
    fc.assert(
      fc.property(fc.constantFrom(...OTHERS, FRENCH), regions, (number, region) => {
        assert.deepEqual(matchNumber(number, [...OTHERS, FRENCH], region), [number]);
        assert.deepEqual(matchNumber(number.slice(1), [...OTHERS, FRENCH], region), [number]);
      }),
    );
  });

  it('is read in linear time, however long', () => {
    for (const piece of [' ', '0', '(', '+', '.', "'"]) matchNumber(piece.repeat(1_000_000), OTHERS, 'FR');
  });
});
