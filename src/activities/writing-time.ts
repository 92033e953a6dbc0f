import { activityInfo } from '@temporalio/activity';
import { currentRun } from './current-run.js';
import type { ActivityPorts } from './ports.js';

/** A task that is older than this may have been given up; in milliseconds. */
const FRESH_MS = 20_000;

/**
 * How long Temporal's word that it still waits is good for, in milliseconds: connecting takes 10 s
 * at most.
 */
const ASSURED_MS = 15_000;

/**
 * Until when the request of this task may be written, epoch milliseconds; undefined if Temporal has
 * given the task up, or was asked to cancel it.
 *
 * A task can be read long after it was handed out: it lay in the connection of a worker that was
 * frozen, or whose machine slept. By then it has timed out, and the message may have gone out
 * otherwise. What is fresh by the clock has not: it is given up start-to-close after it was
 * scheduled, at the earliest. What is not, as it waited in the queue or in a connection, is asked
 * for. The clocks of worker and server have to agree to 40 s.
 *
 * @throws Error if Temporal does not answer
 */
export async function writableUntil({
  tasks,
  now,
}: Pick<ActivityPorts, 'tasks' | 'now'>): Promise<number | undefined> {
  const {
    currentAttemptScheduledTimestampMs: scheduledMs,
    startToCloseTimeoutMs,
    activityId,
  } = activityInfo();
  const beganMs = now();
  if (beganMs - scheduledMs <= FRESH_MS) return Math.min(beganMs, scheduledMs) + startToCloseTimeoutMs;
  const start = await tasks.findStart({ ...currentRun(), activityId });
  // Counted from the question: the machine may sleep before it reads the answer.
  return start && Math.min(beganMs + ASSURED_MS, start.startedAtMs + startToCloseTimeoutMs);
}
