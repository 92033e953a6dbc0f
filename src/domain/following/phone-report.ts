/**
 * What one reading of the provider's sent messages says that the phone did with a message. It never
 * says that the recipient has it: this provider does not know.
 */
export type PhoneReport =
  /** `sentAtMs`: when, epoch milliseconds, only where the row names it. */
  | { readonly kind: 'sent'; readonly sentAtMs?: number }
  /**
   * The phone could not send it; the provider may try again by itself. `code` is the provider's.
   */
  | { readonly kind: 'failed'; readonly code: string }
  /** The provider has it, and the phone has not sent it yet. */
  | { readonly kind: 'pending' }
  /** The row says both, or something that cannot be read. */
  | { readonly kind: 'unclear' }
  /** The list was read, and does not show the message: not known, which is not "not sent". */
  | { readonly kind: 'unlisted' }
  /** The list could not be read; `reason` in a few plain words. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What the provider knows of the sending phone; what it does not say is absent. */
export interface PhoneSign {
  readonly online?: boolean;
  /** Epoch milliseconds. */
  readonly lastSeenAtMs?: number;
}

/** A reading, and how old it was when it reached the run. */
export interface PhoneReading {
  readonly report: PhoneReport;
  /** In milliseconds. */
  readonly ageMs: number;
  /** Asked for at the last check only, where the phone has not sent the message. */
  readonly phone?: PhoneSign;
}
