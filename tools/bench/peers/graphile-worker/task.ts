/** The name of the task. */
export const TASK_NAME = 'send_sms';

/**
 * How often a job is tried: the default is 25, with which one that cannot succeed takes days to
 * fail.
 */
export const MAX_ATTEMPTS = 3;

/** How many jobs the worker has in hand at once. */
export const CONCURRENT_JOBS = 100;

/**
 * How long the ends of jobs are collected before they are written, in milliseconds: where its
 * documentation starts.
 */
export const BATCH_DELAY_MS = 25;

/** The end of a job, as the worker reports it: a line of JSON. */
export interface JobEnd {
  /** Its job key. */
  readonly ended: string;
  /** Why it has failed for good. */
  readonly reason?: string;
}
