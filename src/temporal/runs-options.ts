import type { Client } from '@temporalio/client';

/** What is used of a Temporal client. */
export type TemporalClient = Pick<Client, 'workflow' | 'workflowService' | 'options'>;

/** What the reading of other runs needs. */
export interface RunsOptions {
  readonly client: TemporalClient;
  /** Where claims are started; that a worker polls it is not needed. */
  readonly taskQueue: string;
  /** The digests of an E.164 number under all known keys. */
  readonly recipientKeys: (recipientPhone: string) => readonly string[];
  /**
   * What becomes of claims that nothing proves to be made by a worker: plain ones, and those bound
   * to no workflow id; admitted by default.
   */
  readonly unprovenClaims?: 'admitted' | 'refused';
  /** Runs requested at once, 100 by default; for tests. */
  readonly pageSize?: number;
  /** Epoch milliseconds, wall clock; for tests. */
  readonly now?: () => number;
}
