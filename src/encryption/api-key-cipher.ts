import { SmsError } from '../domain/errors.js';
import type { RunOwner } from '../domain/run-owner.js';
import { open, seal, TAG_BYTES } from './aes-256-gcm.js';
import { decryptCredentials } from './credentials.js';
import { deriveKey, parseEncryptionKey } from './secret-key.js';

/** Turns stored API keys into sealed ones, and sealed ones into clear ones. */
export interface ApiKeyCipher {
  /** Decrypts a stored key and seals it for one run. */
  reseal(encryptedApiKey: string, owner: RunOwner): string;
  /** The API key in clear: for the request to the provider, and nothing else. */
  unseal(sealedApiKey: string, owner: RunOwner): string;
}

const IV_BYTES = 12;
const PREFIX = 'v1.';
const INFO = 'durable-sms/sealed-api-key/v1';

/**
 * The cipher of a worker.
 *
 * A sealed key is `v1.` and base64url(iv 12 ‖ tag 16 ‖ ciphertext), AES-256-GCM under a key that
 * HKDF-SHA-256 derives from the encryption key, with workflow id and original run id as AAD. It may
 * be stored: neither the web app's own format nor a codec server can open it.
 *
 * @param encryptionKeys 64 hex characters each; the first seals, all open and decrypt (more than
 *   one during a rotation)
 * @throws SmsError ENCRYPTION_KEY_MISSING, API_KEY_DECRYPTION_FAILED; neither is retried
 */
export function createApiKeyCipher(encryptionKeys: readonly [string, ...string[]]): ApiKeyCipher {
  const sealingKeys = encryptionKeys.map((key) => deriveKey(parseEncryptionKey(key), INFO)) as [
    Buffer,
    ...Buffer[],
  ];
  return {
    reseal(encryptedApiKey, owner) {
      const apiKey = firstThatOpens(encryptionKeys, (key) => decryptCredentials(encryptedApiKey, key));
      const sealed = seal(Buffer.from(apiKey, 'utf8'), {
        key: sealingKeys[0],
        ivBytes: IV_BYTES,
        aad: aadOf(owner),
      });
      return PREFIX + sealed.toString('base64url');
    },
    unseal(sealedApiKey, owner) {
      const sealed = Buffer.from(sealedApiKey.slice(PREFIX.length), 'base64url');
      if (!sealedApiKey.startsWith(PREFIX) || sealed.length < IV_BYTES + TAG_BYTES) throw cannotUnseal();
      const aad = aadOf(owner);
      return firstThatOpens(sealingKeys, (key) =>
        open(sealed, { key, ivBytes: IV_BYTES, aad }).toString('utf8'),
      );
    },
  };
}

function firstThatOpens<K>(keys: readonly K[], tryKey: (key: K) => string): string {
  for (const key of keys) {
    try {
      return tryKey(key);
    } catch {
      // The next key may be the one; what does not open under any is one error, without a cause
      // that could tell more.
    }
  }
  throw new SmsError('API_KEY_DECRYPTION_FAILED');
}

function cannotUnseal(): SmsError {
  return new SmsError('API_KEY_DECRYPTION_FAILED', { message: 'The value is not a sealed API key.' });
}

/** As JSON, so that no two owners share their bytes. */
function aadOf({ workflowId, originalRunId }: RunOwner): Buffer {
  return Buffer.from(JSON.stringify([workflowId, originalRunId]), 'utf8');
}
