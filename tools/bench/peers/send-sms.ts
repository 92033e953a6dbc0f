import type { SmsResult } from '../../../src/domain/sms-job.js';
import type { ShapeActivities, ShapeJob } from '../shapes/types.js';

/** The whole job in one handler, as queues have it: the key in clear never leaves the worker. */
export async function sendSms(activities: ShapeActivities, job: ShapeJob): Promise<SmsResult> {
  const { encryptedApiKey } = await activities.loadEncryptedKey({ accountId: job.accountId });
  const { apiKey } = await activities.decryptKey({ encryptedApiKey });
  return await activities.send({ apiKey, recipientPhone: job.recipientPhone, message: job.message });
}
