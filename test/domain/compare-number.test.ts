import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareNumber } from '../../src/domain/compare-number.js';

const OURS = '+33639980001';

describe('comparing a number of the list of sent messages', () => {
  for (const written of [
    '+33639980001',
    '33639980001',
    '0033639980001',
    '0639980001',
    '639980001',
    '+33 6 39 98 00 01',
    '06.39.98.00.01',
    '06-39-98-00-01',
    '+33 (0)6 39 98 00 01',
    ' +33639980001 ',
    '＋３３６３９９８０００１',
  ]) {
    it(`finds ${written} equal`, () => {
      assert.equal(compareNumber(written, OURS), 'same');
    });
  }

  for (const written of [
    '+33639980002',
    '0639980002',
    '33639980011',
    '+4915112345678',
    '36180',
    '0612345678',
  ]) {
    it(`finds ${written} different`, () => {
      assert.equal(compareNumber(written, OURS), 'other');
    });
  }

  for (const written of [
    undefined,
    '',
    '+',
    '+336****0001',
    '…0001',
    '980001',
    'Anna',
    '+33639980001, +33639980002',
    '+34639980001',
    '+330639980001',
    '1639980001',
    'tel:+33639980001',
  ]) {
    it(`concludes nothing from ${String(written)}`, () => {
      assert.equal(compareNumber(written, OURS), 'unreadable');
    });
  }

  it('never confuses numbers with the same last seven digits', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[1-9]\d{7,13}$/),
        fc.stringMatching(/^\+?[\d .()-]{0,6}$/),
        (digits, prefix) => {
          assert.notEqual(compareNumber(`${prefix}${digits.slice(-7)}`, `+${digits}`), 'other');
        },
      ),
    );
  });
});
