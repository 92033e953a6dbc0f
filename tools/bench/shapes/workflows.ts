import { proxyActivities } from '@temporalio/workflow';
import type { SmsResult } from '../../../src/domain/sms-job.js';
import type { ShapeActivities, ShapeJob } from './types.js';

const { loadEncryptedKey, decryptKey, send } = proxyActivities<ShapeActivities>({
  startToCloseTimeout: '1 minute',
});

/** The floor of all floors: what a workflow costs that does nothing. */
export async function nothing(job: ShapeJob): Promise<SmsResult> {
  return await Promise.resolve({ success: true, messageId: job.accountId, timestamp: '' });
}

/** The floor of a send: one activity that makes the request, with a key that the worker has. */
export async function oneActivity({ recipientPhone, message }: ShapeJob): Promise<SmsResult> {
  return await send({ recipientPhone, message });
}

/**
 * The shape that is usually written: load, decrypt and send, each an activity; the key goes through
 * the history in clear.
 */
export async function threeActivities({ accountId, recipientPhone, message }: ShapeJob): Promise<SmsResult> {
  const { encryptedApiKey } = await loadEncryptedKey({ accountId });
  const { apiKey } = await decryptKey({ encryptedApiKey });
  return await send({ apiKey, recipientPhone, message });
}
