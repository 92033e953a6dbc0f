import type { OptOutSource } from './opt-out-source.js';

/** How the policies of all accounts stand. */
export interface PolicyOverview {
  /** The opt-outs that are stored, by what they came from. */
  readonly optOuts: Readonly<Record<OptOutSource, number>>;
  /** Replies that may be opt-outs, and wait for a person. */
  readonly possibleOptOuts: number;
  /** Moments that were granted and lie ahead. */
  readonly grantsAhead: number;
  /** Sending phones that failed within the last hour, and are not known to work again. */
  readonly phonesClosed: number;
  /** Whose phones they are; some of them, where there are many. */
  readonly closedAccounts: readonly string[];
  /** Inboxes that are to be read: of accounts that wrote in the last 30 days, or are about to. */
  readonly inboxes: number;
  /** Those that were not read for so many minutes. */
  readonly inboxesUnread: { readonly '5m': number; readonly '20m': number };
  /** The age of the oldest reading of them, in seconds; 0 if there is none. */
  readonly oldestReadingS: number;
  /**
   * Accounts whose inbox cannot be read, or was not for 20 min; some of them, where there are many.
   */
  readonly unreadAccounts: readonly string[];
}
