import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';

/** The length of a GCM authentication tag, in bytes. */
export const TAG_BYTES = 16;

interface Sealing {
  /** 32 bytes. */
  readonly key: Buffer;
  /** The length of the initialisation vector, in bytes. */
  readonly ivBytes: number;
  /** Additional data that is authenticated, not stored. */
  readonly aad?: Buffer;
}

/** Encrypts to `iv ‖ tag ‖ ciphertext`, under a random iv. */
export function seal(plaintext: Buffer, { key, ivBytes, aad }: Sealing): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  if (aad !== undefined) cipher.setAAD(aad);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), ciphertext]);
}

/**
 * Decrypts `iv ‖ tag ‖ ciphertext`; throws Node's own error if anything of it was altered or is too
 * short.
 */
export function open(sealed: Buffer, { key, ivBytes, aad }: Sealing): Buffer {
  const iv = sealed.subarray(0, ivBytes);
  const tag = sealed.subarray(ivBytes, ivBytes + TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  if (aad !== undefined) decipher.setAAD(aad);
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes + TAG_BYTES)), decipher.final()]);
}
