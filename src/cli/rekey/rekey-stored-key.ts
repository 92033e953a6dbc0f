import { decryptCredentials, encryptCredentials } from '../../encryption/credentials.js';
import type { Rekeyed } from '../../db/rekey-accounts.js';

/**
 * Makes the decision about one stored API key: under the new encryption key already, to be
 * replaced, or neither opens it. The replacement is decrypted again and compared before anyone
 * stores it; it is as long as what it replaces, so it fits.
 *
 * @throws Error if the replacement does not hold the same API key; it names none
 */
export function createRekey(
  keys: { readonly encryptionKey: string; readonly previousEncryptionKey: string },
  encrypt: typeof encryptCredentials = encryptCredentials,
): (stored: string) => Rekeyed {
  return (stored) => {
    if (tryToDecrypt(stored, keys.encryptionKey) !== undefined) return { kind: 'current' };
    const apiKey = tryToDecrypt(stored, keys.previousEncryptionKey);
    if (apiKey === undefined) return { kind: 'unreadable' };
    const next = encrypt(apiKey, keys.encryptionKey);
    if (tryToDecrypt(next, keys.encryptionKey) !== apiKey || next.length !== stored.length) {
      throw new Error('A re-encrypted key does not decrypt to the original key. It was not stored.');
    }
    return { kind: 'old', next };
  };
}

function tryToDecrypt(stored: string, encryptionKey: string): string | undefined {
  try {
    return decryptCredentials(stored, encryptionKey);
  } catch {
    return undefined;
  }
}
