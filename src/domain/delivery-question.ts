import type { PhoneReport } from './following/phone-report.js';
import type { UnreadableList } from './unreadable-list.js';

/**
 * A question what the phone did with a message, with the API key in clear: it lives in memory only.
 */
export interface DeliveryQuestion {
  readonly apiKey: string;
  readonly messageId: string;
  /**
   * Which check of a send asks, in all its tries: what was read for an earlier one does not answer
   * it.
   */
  readonly checkId?: string;
  /** The provider took the message at this time or later, epoch milliseconds. */
  readonly sinceMs: number;
  /** Ends the waiting for the answer. */
  readonly signal?: AbortSignal;
}

/** What came of it. */
export type DeliveryAnswer =
  | {
      readonly kind: 'read';
      readonly report: PhoneReport;
      /** How long ago it was read, in milliseconds. */
      readonly ageMs: number;
    }
  /** The account's list was read just now, without this message: ask again, in milliseconds. */
  | { readonly kind: 'later'; readonly afterMs: number }
  | UnreadableList;
