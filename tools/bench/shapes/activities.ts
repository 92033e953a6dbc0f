import { ApplicationFailure } from '@temporalio/common';
import { decryptCredentials } from '../../../src/encryption/credentials.js';
import { createAccounts } from '../../../src/db/accounts.js';
import { openDatabase } from '../../../src/db/database.js';
import { createSmsMobileApi } from '../../../src/provider/sms-mobile-api.js';
import type { ShapeActivities } from './types.js';

/** What the activities of the plain shapes need. */
export interface ShapeActivityOptions {
  readonly databaseUrl: string;
  readonly encryptionKey: string;
  readonly providerUrl: string;
  /** For the shape that loads none. */
  readonly apiKey: string;
}

/**
 * Under a hundred sends at once on a slow machine, a lookup may wait longer than ours would let it
 * before it tries again.
 */
const PATIENT = { connectMs: 20_000, statementMs: 20_000, queryMs: 60_000 };

/**
 * The activities of the plain shapes, over our own adapters: the shapes differ in nothing else than
 * their shape.
 */
export function createShapeActivities(options: ShapeActivityOptions): ShapeActivities {
  const accounts = createAccounts(openDatabase({ url: options.databaseUrl, timeouts: PATIENT }));
  const provider = createSmsMobileApi({ baseUrl: options.providerUrl });
  return {
    async loadEncryptedKey({ accountId }) {
      const found = await accounts.findEncryptedApiKey(accountId);
      if (found === undefined) throw ApplicationFailure.nonRetryable('no key');
      return { encryptedApiKey: found.encryptedApiKey };
    },
    decryptKey: ({ encryptedApiKey }) =>
      Promise.resolve({ apiKey: decryptCredentials(encryptedApiKey, options.encryptionKey) }),
    async send({ apiKey = options.apiKey, recipientPhone, message }) {
      const outcome = await provider.send({ apiKey, recipientPhone, message });
      if (outcome.kind !== 'accepted') throw ApplicationFailure.nonRetryable(outcome.kind);
      return { success: true, messageId: outcome.messageId, timestamp: new Date().toISOString() };
    },
  };
}
