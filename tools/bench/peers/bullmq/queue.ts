import { RETRIES } from '../../../bullmq/sms-queue.js';
import type { ShapeJob } from '../../shapes/types.js';

/** What a job holds; no key, as the worker loads it. */
export type QueueJob = ShapeJob;

/** How jobs are tried again, and for how long those that are done are kept. */
export const JOB_OPTIONS = {
  ...RETRIES,
  removeOnComplete: { age: 3_600, count: 1_000 },
} as const;

/** How many jobs the worker has in hand at once. */
export const CONCURRENCY = 100;
