/** When a row of the list of sent messages says that its message was taken. */
export type LoggedTime =
  /** Epoch milliseconds; as exact as the provider writes it, which is to the second. */
  | { readonly kind: 'exact'; readonly atMs: number }
  /**
   * A date without a zone, read as if it were UTC: the true time lies up to 14 h before or 12 h
   * after.
   */
  | { readonly kind: 'zoneless'; readonly asUtcMs: number }
  | { readonly kind: 'unreadable' };

/**
 * The readable part of one row of the provider's list of sent messages; personal, so it never
 * leaves the activity.
 */
export interface LoggedSms {
  /** The message id first, then any other id that the row carries; empty if it carries none. */
  readonly messageIds: readonly string[];
  /** The recipient as the provider writes it; undefined if no known field holds one. */
  readonly number: string | undefined;
  /** Undefined if no known field holds a text. */
  readonly text: string | undefined;
  readonly time: LoggedTime;
  /** The provider's word for why the phone did not send it; undefined if it did, or still may. */
  readonly failure: string | undefined;
  /** The row says that the phone sent the message, and that it failed. */
  readonly hasContradiction?: true;
}

/** What one reading of the list of sent messages came to. */
export type SentMessages =
  | {
      readonly kind: 'read';
      /** Every row back to the wanted time that was found, newest first. */
      readonly rows: readonly LoggedSms[];
      /** Why rows may be missing from these, in a few plain words; undefined if none can be. */
      readonly incomplete: string | undefined;
      /** A row from before the wanted time is there: no later row has left the list. */
      readonly reachesBack: boolean;
    }
  /** The list could not be read; `reason` says why in a few plain words. */
  | { readonly kind: 'unreadable'; readonly reason: string; readonly httpStatus?: number };

/**
 * What is asked of the list of sent messages, with the API key in clear: it lives in memory only.
 */
export interface SentMessagesRequest {
  readonly apiKey: string;
  /** How far back rows are wanted, epoch milliseconds. */
  readonly sinceMs: number;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}
