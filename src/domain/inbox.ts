import type { OutreachTimes } from './inbox-cadence.js';

/** What is known of an account's inbox before it is read. */
export interface InboxState extends OutreachTimes {
  /** The newest message that a reading has shown, epoch milliseconds. */
  readonly newestMs: number | undefined;
  /** Whose national numbers the account writes to: ISO 3166-1 alpha-2. */
  readonly region: string;
  /** Every number that the account has written to, E.164. */
  readonly phones: readonly string[];
}

/** An answer of somebody whom the account has written to. */
export interface Answer {
  readonly providerId: string;
  /** E.164. */
  readonly phone: string;
  readonly message: string;
  /** Epoch milliseconds. */
  readonly receivedAtMs: number;
  readonly kind: 'message' | 'opt-out' | 'possible-opt-out';
}

/** An opt-out of a number that the account has not written to. */
export type UnmatchedOptOut = Pick<Answer, 'providerId' | 'receivedAtMs'>;

/** What one reading has brought. */
export interface SortedInbox {
  readonly answers: readonly Answer[];
  readonly unmatched: readonly UnmatchedOptOut[];
  readonly newestMs: number | undefined;
}

/** An opt-out that something is left to do about. */
export interface PendingOptOut {
  /** E.164. */
  readonly phone: string;
  /** The send that confirms it; undefined if it is not confirmed. */
  readonly confirmationWorkflowId: string | undefined;
}
