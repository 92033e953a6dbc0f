/** A list of the provider could not be read, which proves nothing about what is in it. */
export interface UnreadableList {
  readonly kind: 'unreadable';
  /** API_KEY_INVALID: not before the account has another key. The others: later. */
  readonly code: 'API_KEY_INVALID' | 'RATE_LIMITED' | 'PROVIDER_UNAVAILABLE';
  /** A few plain words; nothing of the reply is quoted. */
  readonly reason: string;
  readonly httpStatus?: number;
  /** The provider's own wish, in milliseconds. */
  readonly retryAfterMs?: number;
}
