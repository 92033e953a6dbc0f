import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseJson } from '../../src/provider/json.js';

/** What becomes of a number in a JSON text. */
const read = (literal: string) => (parseJson(`{"id":${literal}}`) as { id: unknown }).id;

/** Asserts that both are the same, or a number and its digits. */
function assertAlike(read: unknown, plain: unknown): void {
  if (typeof plain === 'number') assert.equal(Number(read), plain);
  else if (typeof plain !== 'object' || plain === null) assert.equal(read, plain);
  else {
    assert.deepEqual(Object.keys(read as object), Object.keys(plain));
    for (const [key, value] of Object.entries(plain))
      assertAlike((read as Record<string, unknown>)[key], value);
  }
}

describe('numbers in the provider’s JSON', () => {
  const lines: readonly (readonly [string, unknown])[] = [
    ['42', 42],
    ['-7', -7],
    ['0', 0],
    ['-0', -0],
    ['0.5', 0.5],
    ['1.0', 1],
    ['1e3', 1_000],
    ['2E0', 2],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['12345678901234567890', '12345678901234567890'],
    ['12345678901234567890.0', '12345678901234567890'],
    ['1.2345678901234567890e19', '12345678901234567890'],
    ['12345678901234567890000E-3', '12345678901234567890'],
    ['9007199254740993.5', '9007199254740993.5'],
    ['0.12345678901234567890123', '0.12345678901234567890123'],
    // Digits that the text does not have are not made up.
    ['1.2345678901235e19', '1.2345678901235e+19'],
    ['1e+21', '1e+21'],
    ['9007199254740992', '9007199254740992'],
    ['1E400', '1e+400'],
    ['1e-500', '1e-500'],
    ['1e999999999', '1e+999999999'],
  ];
  for (const [literal, expected] of lines) {
    it(`reads ${literal} as ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(read(literal), expected);
    });
  }

  it('leaves digits in strings alone, whatever surrounds them', () => {
    const value = {
      'a"9007199254740993': ['\\', '9007199254740993', 'x: 9007199254740993,"', 'é\n"\\"1e400'],
    };
    assert.deepEqual(parseJson(JSON.stringify(value)), value);
  });

  it('reads what JSON.parse reads, except that numbers keep their digits', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        assertAlike(parseJson(text), JSON.parse(text));
      }),
    );
  });

  it('reads an integer of any length digit by digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }), (number) => {
        assert.equal(String(read(String(number))), String(number));
      }),
    );
  });

  for (const text of ['', '{', '01', '{"id":0x1}', '[1,]', '{"id":1}x', '- 1', '1.', 'NaN']) {
    it(`refuses invalid JSON: ${JSON.stringify(text)}`, () => {
      assert.equal(parseJson(text), undefined);
    });
  }
});
