import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { SmsError } from '../../src/domain/errors.js';
import { decryptCredentials, encryptCredentials } from '../../src/encryption/credentials.js';

/**
 * Made with Python 3 and its package `cryptography` 48.0.0, not with this project's code:
 *
 *   out = AESGCM(bytes(range(32))).encrypt(bytes(range(0xa0, 0xb0)), plaintext.encode(), None)
 *   print(base64.b64encode(iv + out[-16:] + out[:-16]))        # AESGCM appends the tag
 */
const VECTOR = {
  key: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
  plaintext: 'clé-smsmobileapi-0123456789abcdef-✓',
  ciphertext:
    'oKGio6SlpqeoqaqrrK2ur38zvCj0nSe3o4Os6KxjtJlJz+AVNb6gBa7xfdiBcezg62hzSEwHZZnLJVKPeFdF42n3y4EJQA==',
};

function errorOf(act: () => unknown): SmsError {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof SmsError, `not an SmsError: ${inspect(error)}`);
    return error;
  }
  assert.fail('nothing failed');
}

/** Nothing that a program could print of an error holds plaintext, ciphertext or key. */
function assertTellsNothing(error: SmsError, secrets: readonly string[]): void {
  assert.equal(error.cause, undefined);
  const all = [error.message, error.stack, inspect(error, { depth: null, showHidden: true })].join('\n');
  for (const secret of secrets) assert.ok(!all.includes(secret), `an error holds ${secret}`);
}

function refused(ciphertext: string, key: string = VECTOR.key): void {
  const error = errorOf(() => decryptCredentials(ciphertext, key));
  assert.equal(error.code, 'API_KEY_DECRYPTION_FAILED');
  const parts = [ciphertext, ciphertext.slice(0, 24), key, VECTOR.plaintext].filter(
    (part) => part.length > 8,
  );
  assertTellsNothing(error, parts);
}

const bytes = Buffer.from(VECTOR.ciphertext, 'base64');

/** What is wrong with a ciphertext → one. */
const MALFORMED: Record<string, string> = {
  empty: '',
  'of one character': 'A',
  'not base64': '*** not base64 at all ***',
  'base64url instead of base64': VECTOR.ciphertext.replaceAll('+', '-').replaceAll('/', '_'),
  'without its padding': VECTOR.ciphertext.replaceAll('=', ''),
  'with a line end': `${VECTOR.ciphertext}\n`,
  'with a blank before': ` ${VECTOR.ciphertext}`,
  'with a blank inside': `${VECTOR.ciphertext.slice(0, 40)} ${VECTOR.ciphertext.slice(40)}`,
  'with text behind it': `${VECTOR.ciphertext}AAAA`,
  hexadecimal: bytes.toString('hex'),
  'one byte shorter than iv and tag': bytes.subarray(0, 31).toString('base64'),
  'as long as iv and tag, of nothing': Buffer.alloc(32).toString('base64'),
  'with a 12-byte iv': Buffer.concat([bytes.subarray(4)]).toString('base64'),
  'with the tag at its end': Buffer.concat([
    bytes.subarray(0, 16),
    bytes.subarray(32),
    bytes.subarray(16, 32),
  ]).toString('base64'),
};

describe('decryptCredentials', () => {
  it('decrypts a ciphertext of another implementation', () => {
    assert.equal(decryptCredentials(VECTOR.ciphertext, VECTOR.key), VECTOR.plaintext);
    assert.equal(decryptCredentials(VECTOR.ciphertext, VECTOR.key.toUpperCase()), VECTOR.plaintext);
  });

  for (const [what, ciphertext] of Object.entries(MALFORMED)) {
    it(`refuses a ciphertext that is ${what}`, () => {
      refused(ciphertext);
    });
  }

  it('refuses a ciphertext of a megabyte like a short one', () => {
    const error = errorOf(() => decryptCredentials('A'.repeat(1 << 20), VECTOR.key));
    assert.equal(error.code, 'API_KEY_DECRYPTION_FAILED');
  });

  it('refuses a ciphertext with any single bit flipped', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      refused(flipped.toString('base64'));
    }
  });

  it('refuses a ciphertext truncated anywhere', () => {
    for (let length = 0; length < bytes.length; length++)
      refused(bytes.subarray(0, length).toString('base64'));
  });

  it('refuses another key', () => {
    refused(VECTOR.ciphertext, randomBytes(32).toString('hex'));
    refused(VECTOR.ciphertext, VECTOR.key.replace(/f$/, 'e'));
  });

  for (const [what, key] of Object.entries({
    'of 63 characters': VECTOR.key.slice(1),
    'of 65 characters': `${VECTOR.key}0`,
    'with a letter beyond f': `g${VECTOR.key.slice(1)}`,
    'with a line end': `${VECTOR.key}\n`,
    'in base64': Buffer.from(VECTOR.key, 'hex').toString('base64'),
    'of blanks': ' '.repeat(64),
  })) {
    it(`refuses a key ${what}`, () => {
      refused(VECTOR.ciphertext, key);
      const error = errorOf(() => encryptCredentials(VECTOR.plaintext, key));
      assert.equal(error.code, 'API_KEY_DECRYPTION_FAILED');
      assertTellsNothing(error, [key, VECTOR.plaintext]);
    });
  }

  for (const key of [undefined, '']) {
    it(`reports ENCRYPTION_KEY_MISSING for the key ${inspect(key)}`, () => {
      for (const act of [
        () => decryptCredentials(VECTOR.ciphertext, key),
        () => decryptCredentials('', key),
        () => encryptCredentials(VECTOR.plaintext, key),
      ]) {
        const error = errorOf(act);
        assert.equal(error.code, 'ENCRYPTION_KEY_MISSING');
        assertTellsNothing(error, [VECTOR.ciphertext, VECTOR.plaintext]);
      }
    });
  }

  it('refuses a plaintext that is not UTF-8', async () => {
    const { seal } = await import('../../src/encryption/aes-256-gcm.js');
    const key = Buffer.from(VECTOR.key, 'hex');
    refused(seal(Buffer.from([0xff, 0xfe, 0x80]), { key, ivBytes: 16 }).toString('base64'));
  });
});

describe('encryptCredentials', () => {
  const anyKey = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((key) => Buffer.from(key).toString('hex'));
  const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());

  it('encrypts any text under any key so that decryptCredentials opens it', () => {
    fc.assert(
      fc.property(anyText, anyKey, (text, key) => {
        assert.equal(decryptCredentials(encryptCredentials(text, key), key), text);
      }),
    );
  });

  it('returns base64 of iv, tag and ciphertext', () => {
    const made = Buffer.from(encryptCredentials('é', VECTOR.key), 'base64');
    assert.equal(made.length, 16 + 16 + 2);
  });

  it('never returns the same ciphertext twice', () => {
    const made = new Set(
      Array.from({ length: 100 }, () => encryptCredentials('key', VECTOR.key).slice(0, 21)),
    );
    assert.equal(made.size, 100);
  });

  it('fits a key of 300 characters into the column', () => {
    assert.ok(encryptCredentials('k'.repeat(300), VECTOR.key).length <= 500);
  });
});
