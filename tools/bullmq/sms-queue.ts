/** The name of the queue. */
export const QUEUE_NAME = 'sms';

/** How a job is retried. */
export const RETRIES = { attempts: 3, backoff: { type: 'exponential', delay: 1_000 } } as const;
