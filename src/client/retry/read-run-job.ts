import type { Client } from '@temporalio/client';
import type { SmsJob } from '../../domain/sms-job.js';
import { readJob } from '../read-job.js';
import type { RunEvidence } from './run-evidence.js';

/**
 * The job of a run, with the time that it was to be sent at also where only its start was delayed; undefined if it is none.
 *
 * @throws PayloadError if it cannot be decrypted here
 */
export async function readRunJob(
  client: Client,
  { input, delayedToMs }: Pick<RunEvidence, 'input' | 'delayedToMs'>,
): Promise<SmsJob | undefined> {
  const job = await readJob(client, input);
  if (job === undefined || delayedToMs === undefined || job.options?.sendAt !== undefined) return job;
  return { ...job, options: { ...job.options, sendAt: new Date(delayedToMs).toISOString() } };
}
