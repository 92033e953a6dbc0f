import { SmsError } from '../domain/errors.js';
import { open, seal, TAG_BYTES } from './aes-256-gcm.js';
import { decodeBase64 } from './base64.js';
import { parseEncryptionKey } from './secret-key.js';

/** The web app's format has a 16-byte iv, not GCM's usual 12. */
const IV_BYTES = 16;

/**
 * Encrypts an API key as the web app stores it in `accounts.sms_api_key`: base64(iv 16 ‖ tag 16 ‖
 * ciphertext), AES-256-GCM, no AAD. Every call makes another ciphertext.
 *
 * @param plaintext the SMSMobileAPI key
 * @param encryptionKey SMS_API_KEY_ENCRYPTION_KEY, 64 hex characters
 * @throws SmsError ENCRYPTION_KEY_MISSING, or API_KEY_DECRYPTION_FAILED for a malformed key; the
 *   same call fails again
 *
 * @example
 * const smsApiKey = encryptCredentials(apiKey, process.env.SMS_API_KEY_ENCRYPTION_KEY);
 */
export function encryptCredentials(plaintext: string, encryptionKey: string | undefined): string {
  const key = parseEncryptionKey(encryptionKey);
  return seal(Buffer.from(plaintext, 'utf8'), { key, ivBytes: IV_BYTES }).toString('base64');
}

/**
 * Decrypts what {@link encryptCredentials} or the web app made.
 *
 * @param ciphertext `accounts.sms_api_key`
 * @param encryptionKey SMS_API_KEY_ENCRYPTION_KEY, 64 hex characters
 * @throws SmsError ENCRYPTION_KEY_MISSING, or API_KEY_DECRYPTION_FAILED for everything that is
 *   malformed, altered or was made with another key; the same call fails again, and the error
 *   quotes nothing of the input
 *
 * @example
 * const apiKey = decryptCredentials(account.smsApiKey, process.env.SMS_API_KEY_ENCRYPTION_KEY);
 */
export function decryptCredentials(ciphertext: string, encryptionKey: string | undefined): string {
  const key = parseEncryptionKey(encryptionKey);
  const sealed = decodeBase64(ciphertext);
  if (sealed === undefined || sealed.length < IV_BYTES + TAG_BYTES) throw cannotDecrypt();
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      open(sealed, { key, ivBytes: IV_BYTES }),
    );
  } catch {
    // Node's own error adds nothing. It is left out so that nothing of the input can travel with
    // it.
    throw cannotDecrypt();
  }
}

function cannotDecrypt(): SmsError {
  return new SmsError('API_KEY_DECRYPTION_FAILED');
}
