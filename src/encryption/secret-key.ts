import { hkdfSync } from 'node:crypto';
import { SmsError } from '../domain/errors.js';

const HEX_256_BIT = /^[0-9a-fA-F]{64}$/;

/** The form in which every 256-bit key of this project is configured, in words. */
export const HEX_KEY_FORM = '64 hexadecimal characters (32 bytes)';

/** Whether a text is a 256-bit key in hexadecimal. */
export function isHexKey(text: string): boolean {
  return HEX_256_BIT.test(text);
}

/**
 * The 32 bytes of a key that decrypts API keys.
 *
 * @throws SmsError ENCRYPTION_KEY_MISSING if there is none, API_KEY_DECRYPTION_FAILED if it is not
 *   64 hex characters (neither is retried); prints nothing of the key
 */
export function parseEncryptionKey(hex: string | undefined): Buffer {
  if (hex === undefined || hex === '') throw new SmsError('ENCRYPTION_KEY_MISSING');
  if (!isHexKey(hex)) {
    throw new SmsError('API_KEY_DECRYPTION_FAILED', {
      message: `The encryption key must be ${HEX_KEY_FORM}.`,
    });
  }
  return Buffer.from(hex, 'hex');
}

/**
 * A 32-byte key for one purpose, derived from another with HKDF-SHA-256 (RFC 5869, no salt) and an
 * info string.
 */
export function deriveKey(key: Buffer, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), info, 32));
}
