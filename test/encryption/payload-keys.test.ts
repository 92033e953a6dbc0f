import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';

const A = 'a'.repeat(64);
const B = '0123456789ABCDEF'.repeat(4);

/** What is malformed, the text, and the entry that the error has to name. */
const MALFORMED: [string, string, number][] = [
  ['nothing', '', 1],
  ['an id alone', 'k1', 1],
  ['a key alone', A, 1],
  ['an empty id', `:${A}`, 1],
  ['an empty key', 'k1:', 1],
  ['a short key', `k1:${A.slice(1)}`, 1],
  ['a long key', `k1:${A}a`, 1],
  ['a letter beyond f', `k1:g${A.slice(1)}`, 1],
  ['a blank in the id', `k 1:${A}`, 1],
  ['an id of 65 characters', `${'k'.repeat(65)}:${A}`, 1],
  ['a third part', `k1:${A}:x`, 1],
  ['a comma at the end', `k1:${A},`, 2],
  ['a malformed second entry', `k1:${A},k2:${B.slice(2)}`, 2],
  ['a semicolon between entries', `k1:${A};k2:${B}`, 1],
  ['an id twice', `k1:${A},k1:${B}`, 2],
];

describe('parsePayloadKeys', () => {
  it('reads one key', () => {
    assert.deepEqual(parsePayloadKeys(`k1:${A}`), [{ id: 'k1', key: Buffer.from(A, 'hex') }]);
  });

  it('reads several keys in their order, with blanks around them', () => {
    const keys = parsePayloadKeys(` 2026-11.b_x:${B} , k1:${A}\n`);
    assert.deepEqual(keys, [
      { id: '2026-11.b_x', key: Buffer.from(B, 'hex') },
      { id: 'k1', key: Buffer.from(A, 'hex') },
    ]);
  });

  for (const [what, text, entry] of MALFORMED) {
    it(`refuses ${what}, naming the entry but not the key`, () => {
      assert.throws(
        () => parsePayloadKeys(text),
        (error) => {
          assert.ok(error instanceof RangeError);
          assert.match(error.message, new RegExp(`^entry ${entry} `));
          assert.ok(!/[a-fA-F0-9]{16}/.test(error.message), error.message);
          return true;
        },
      );
    });
  }

  it('reads any text or throws a RangeError', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          assert.ok(parsePayloadKeys(text).every(({ key }) => key.length === 32));
        } catch (error) {
          assert.ok(error instanceof RangeError);
        }
      }),
    );
  });
});
