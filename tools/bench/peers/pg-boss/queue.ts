import type { ShapeJob } from '../../shapes/types.js';

/** The name of the queue. */
export const QUEUE_NAME = 'sms';

/** What a job holds; no key, as the worker loads it. */
export type QueueJob = ShapeJob;

/** How many polling workers the process has. */
export const WORKERS = 10;

/** How each of them asks for jobs: as often as is allowed. */
export const WORK_OPTIONS = { batchSize: 10, pollingIntervalSeconds: 0.5 } as const;

/**
 * Retries: two by default. Without a delay, which is the default, a job that failed in a batch
 * could be taken up again before the batch's end is written, which would end that job too.
 */
export const RETRY_OPTIONS = { retryLimit: 2, retryDelay: 1, retryBackoff: true } as const;
