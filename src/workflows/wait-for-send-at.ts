import { sendAtOf } from '../domain/schedule.js';
import { formatTimestamp } from '../domain/timestamp.js';
import { isOptedOut, type OptOutAlarm } from './opt-out-alarm.js';
import type { RunStatus } from './run-status.js';

/**
 * Waits until the job may be sent, or its recipient has opted out. Temporal's start delay has seen
 * to that, unless something woke the run before its time, as any update does, or it was started
 * without one.
 */
export async function waitForSendAt(
  run: Parameters<typeof isOptedOut>[0] & {
    readonly status: Pick<RunStatus, 'setDetails'>;
    readonly alarm: OptOutAlarm;
  },
): Promise<void> {
  const { job, status, alarm } = run;
  const sendAtMs = sendAtOf(job);
  if (sendAtMs === undefined || sendAtMs <= Date.now()) return;
  status.setDetails(`Waiting to send at ${formatTimestamp(sendAtMs)}.`);
  while (await alarm.wait(Math.max(1, sendAtMs - Date.now()))) {
    // The request that follows is refused.
    if (await isOptedOut(run)) return;
  }
}
