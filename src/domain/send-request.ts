/** One request to the provider, with the API key in clear: it lives in memory only. */
export interface SendRequest {
  readonly apiKey: string;
  /** E.164. */
  readonly recipientPhone: string;
  readonly message: string;
  /** The provider's id of the phone to send from; its first available one if left out. */
  readonly sendingPhoneId?: string | undefined;
  readonly simSlot?: 1 | 2 | undefined;
  /** Aborts the request wherever it stands: its connection is reset. */
  readonly signal?: AbortSignal;
  /**
   * Called right before the first byte is written; a returned reason keeps the request from being
   * written.
   */
  readonly refuseToWrite?: () => string | undefined;
}
