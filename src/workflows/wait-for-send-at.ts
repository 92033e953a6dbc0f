import { sleep } from '@temporalio/workflow';
import { sendAtOf } from '../domain/schedule.js';
import type { SmsJob } from '../domain/sms-job.js';
import { formatTimestamp } from '../domain/timestamp.js';
import type { RunStatus } from './run-status.js';

/**
 * Waits until the job may be sent. Temporal's start delay has seen to that, unless something woke
 * the run before its time, as any update does, or it was started without one.
 */
export async function waitForSendAt(job: SmsJob, status: Pick<RunStatus, 'setDetails'>): Promise<void> {
  const sendAtMs = sendAtOf(job);
  if (sendAtMs === undefined) return;
  const restMs = sendAtMs - Date.now();
  if (restMs <= 0) return;
  status.setDetails(`Waiting to send at ${formatTimestamp(sendAtMs)}.`);
  await sleep(restMs);
}
