import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { createApiKeyCipher } from '../../src/encryption/api-key-cipher.js';
import { SmsError } from '../../src/domain/errors.js';
import { decryptCredentials, encryptCredentials } from '../../src/encryption/credentials.js';

const API_KEY = 'b2c7a8d1e0f94a63b5c2d7e8f1a0b3c4d5e6f7a8';
const OWNER = { workflowId: 'sms-account-1', originalRunId: '0196-run-1' };

const newKey = () => randomBytes(32).toString('hex');

function assertFails(act: () => unknown, code = 'API_KEY_DECRYPTION_FAILED', secrets: string[] = []): void {
  assert.throws(act, (error) => {
    assert.ok(error instanceof SmsError, inspect(error));
    assert.equal(error.code, code);
    assert.equal(error.cause, undefined);
    const all = [error.message, error.stack, inspect(error, { depth: null, showHidden: true })].join('\n');
    for (const secret of [API_KEY, ...secrets]) assert.ok(!all.includes(secret));
    return true;
  });
}

describe('the API-key cipher', () => {
  const encryptionKey = newKey();
  const cipher = createApiKeyCipher([encryptionKey]);
  const stored = encryptCredentials(API_KEY, encryptionKey);
  const sealed = cipher.reseal(stored, OWNER);
  const bytes = Buffer.from(sealed.slice('v1.'.length), 'base64url');

  it('opens a sealed key for the run that it was sealed for', () => {
    assert.match(sealed, /^v1\.[A-Za-z0-9_-]+$/);
    assert.equal(cipher.unseal(sealed, OWNER), API_KEY);
  });

  it('opens it in another process with the same encryption key', () => {
    assert.equal(createApiKeyCipher([encryptionKey]).unseal(sealed, { ...OWNER }), API_KEY);
  });

  for (const [what, owner] of Object.entries({
    'another workflow id': { ...OWNER, workflowId: 'sms-account-2' },
    'another run id': { ...OWNER, originalRunId: '0196-run-2' },
    'ids that only together look the same': {
      workflowId: `${OWNER.workflowId}${OWNER.originalRunId}`,
      originalRunId: '',
    },
    'ids that are swapped': { workflowId: OWNER.originalRunId, originalRunId: OWNER.workflowId },
  })) {
    it(`does not open it for ${what}`, () => {
      assertFails(() => cipher.unseal(sealed, owner), undefined, [sealed]);
    });
  }

  it('does not open it with a single bit flipped', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      assertFails(() => cipher.unseal(`v1.${flipped.toString('base64url')}`, OWNER));
    }
  });

  it('does not open it under another encryption key', () => {
    assertFails(() => createApiKeyCipher([newKey()]).unseal(sealed, OWNER), undefined, [
      sealed,
      encryptionKey,
    ]);
  });

  for (const [what, text] of Object.entries({
    nothing: '',
    'a prefix alone': 'v1.',
    'another version': `v2.${bytes.toString('base64url')}`,
    'no prefix': bytes.toString('base64url'),
    'a short one': `v1.${bytes.subarray(0, 27).toString('base64url')}`,
    'a cut one': `v1.${bytes.subarray(0, -1).toString('base64url')}`,
    'a stored key': stored,
    'an API key in clear': API_KEY,
  })) {
    it(`does not open ${what}`, () => {
      assertFails(() => cipher.unseal(text, OWNER));
    });
  }

  it('holds neither the key nor its base64 or hexadecimal in what it seals', () => {
    const forms = [
      API_KEY,
      Buffer.from(API_KEY).toString('base64').replace(/=+$/, ''),
      Buffer.from(API_KEY).toString('base64url'),
      Buffer.from(API_KEY).toString('hex'),
    ];
    for (const form of forms) {
      assert.ok(!sealed.includes(form));
      assert.ok(!bytes.toString('latin1').includes(form));
    }
  });

  it('seals the same key differently each time', () => {
    assert.notEqual(cipher.reseal(stored, OWNER), sealed);
  });

  it('seals keys so that decryptCredentials cannot read them', () => {
    const asStored = bytes.toString('base64');
    for (const text of [sealed, bytes.toString('base64url'), asStored]) {
      assertFails(() => decryptCredentials(text, encryptionKey));
    }
  });

  it('does not seal a damaged stored key, or one of another encryption key', () => {
    assertFails(() => cipher.reseal('damaged', OWNER));
    assertFails(() => cipher.reseal(encryptCredentials(API_KEY, newKey()), OWNER), undefined, [stored]);
  });

  it('opens and decrypts under the previous key during a rotation, and seals under the new one', () => {
    const next = newKey();
    const rotating = createApiKeyCipher([next, encryptionKey]);
    assert.equal(rotating.unseal(sealed, OWNER), API_KEY);
    const resealed = rotating.reseal(stored, OWNER);
    assert.equal(rotating.unseal(resealed, OWNER), API_KEY);
    assert.equal(createApiKeyCipher([next]).unseal(resealed, OWNER), API_KEY);
    assertFails(() => cipher.unseal(resealed, OWNER));
    assert.equal(rotating.unseal(rotating.reseal(encryptCredentials(API_KEY, next), OWNER), OWNER), API_KEY);
  });

  it('cannot be created without a key, or with a malformed one', () => {
    assertFails(() => createApiKeyCipher(['']), 'ENCRYPTION_KEY_MISSING');
    assertFails(() => createApiKeyCipher([API_KEY]), 'API_KEY_DECRYPTION_FAILED');
    assertFails(() => createApiKeyCipher([newKey(), API_KEY]), 'API_KEY_DECRYPTION_FAILED');
  });

  it('preserves a key with non-ASCII letters', () => {
    const text = 'clé ✓ 👍';
    const own = cipher.reseal(encryptCredentials(text, encryptionKey), OWNER);
    assert.equal(cipher.unseal(own, OWNER), text);
  });
});
