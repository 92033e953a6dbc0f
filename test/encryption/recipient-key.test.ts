import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createRecipientKey } from '../../src/encryption/recipient-key.js';

const NUMBER = '+33639980001';
const keyOf = (byte: number, id = 'k1') => ({ id, key: Buffer.alloc(32, byte) });

describe('the recipient key', () => {
  /**
   * Made with Python 3 and its package `cryptography` 48.0.0:
   *
   * derived = HKDF(SHA256(), 32, salt=None,
   * info=b'durable-sms/recipient-key/v1').derive(bytes(range(32))) print(hmac.new(derived,
   * b'+33639980001', 'sha256').hexdigest())
   */
  it('matches the digest of another implementation', () => {
    const key = Buffer.from(Array.from({ length: 32 }, (_, byte) => byte));
    const expected = '3a6a5eb6be3b22e7f9856a81a446747d41a8793eb1514fdbfc7dda68e45bef98';
    assert.equal(createRecipientKey({ id: 'k1', key })(NUMBER), expected);
  });

  it('is the same for the same number and key, regardless of the key’s id', () => {
    assert.equal(createRecipientKey(keyOf(1))(NUMBER), createRecipientKey(keyOf(1, 'k2'))(NUMBER));
  });

  it('differs by number and by key', () => {
    const digest = createRecipientKey(keyOf(1));
    const made = new Set([digest(NUMBER), digest('+33639980002'), createRecipientKey(keyOf(2))(NUMBER)]);
    assert.equal(made.size, 3);
  });

  it('uses a fixed key without payload encryption, so that runs find each other in every process', () => {
    const expected = '57540a8d8cb94d858a4b08d5f35e98ef0026644a540f8bd143012186315006bd';
    assert.equal(createRecipientKey(undefined)(NUMBER), expected);
  });

  it('is 64 hexadecimal characters that hold neither the number nor its plain digest', () => {
    const digest = createRecipientKey(keyOf(1))(NUMBER);
    assert.match(digest, /^[0-9a-f]{64}$/);
    assert.notEqual(digest, createHash('sha256').update(NUMBER).digest('hex'));
  });
});
