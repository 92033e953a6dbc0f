import type { SmsClient } from '../../../src/client.js';
import type { BenchJob } from '../system.js';

/** Sends a job through our own client, and waits for the end of its run. */
export async function sendToEnd(sms: Pick<SmsClient, 'send'>, { key, ...job }: BenchJob): Promise<void> {
  await (await sms.send(job, { idempotencyKey: key })).result();
}
