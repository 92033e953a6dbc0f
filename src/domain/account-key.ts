/** Who is written to, by which run. */
export interface Recipient {
  /** E.164. */
  readonly phone: string;
  readonly workflowId: string;
  /** Sending phone and SIM, see `laneOf`. */
  readonly lane: string;
}

/** What is stored with an account, and decided about a recipient. */
export interface AccountKey {
  /** base64(iv ‖ tag ‖ ciphertext). */
  readonly encryptedApiKey: string;
  /**
   * Whether the recipient has opted out, and this run is not the one that confirms it; undefined
   * where that was not read.
   */
  readonly isOptedOut?: boolean;
  /** Until when the sending phone is known not to send, epoch milliseconds. */
  readonly closedUntilMs?: number | undefined;
}
