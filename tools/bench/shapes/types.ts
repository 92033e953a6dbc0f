import type { SmsResult } from '../../../src/domain/sms-job.js';

/** What the plain shapes are given. */
export interface ShapeJob {
  readonly accountId: string;
  readonly recipientPhone: string;
  readonly message: string;
}

/** The activities of the plain shapes, as a first version of such a worker has them. */
export interface ShapeActivities {
  loadEncryptedKey(input: { accountId: string }): Promise<{ encryptedApiKey: string }>;
  decryptKey(input: { encryptedApiKey: string }): Promise<{ apiKey: string }>;
  /** With `apiKey` from before, or the one that the worker has. */
  send(input: { apiKey?: string; recipientPhone: string; message: string }): Promise<SmsResult>;
}
