/** The name of the queue. */
export const QUEUE_NAME = 'sms';

/** What people put into such a job: everything that the request needs, the key in clear. */
export interface SmsJobData {
  readonly apiKey: string;
  readonly recipient: string;
  readonly message: string;
}

/** What the processor returns. */
export interface SmsJobResult {
  /** Undefined where the reply held none. */
  readonly messageId?: string;
}

/** How such jobs are retried. */
export const JOB_OPTIONS = { attempts: 3, backoff: { type: 'exponential', delay: 1_000 } } as const;
