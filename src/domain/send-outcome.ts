import type { ProviderAnswer } from './provider-answer.js';

/** What a reply, or the lack of one, proves about one request to send. */
export type SendOutcome = Conclusion & {
  /** What the provider answered, where it did. */
  readonly answer?: ProviderAnswer;
};

type Conclusion =
  /** The provider took the message: its phone will send it. */
  | { readonly kind: 'accepted'; readonly messageId: string; readonly httpStatus: number }
  /** Refused for good, proven not sent. */
  | ({ readonly kind: 'rejected'; readonly code: 'API_KEY_INVALID' | 'MESSAGE_SEND_FAILED' } & Evidence)
  /** Proven not sent, worth another try; `retryAfterMs` is the provider's own wish. */
  | ({
      readonly kind: 'not-sent';
      readonly code: 'PROVIDER_UNAVAILABLE' | 'RATE_LIMITED';
      readonly retryAfterMs?: number;
      /**
       * The proof is a word of the provider about its phone: its sent messages are read before the
       * request is repeated.
       */
      readonly lookBeforeRepeat?: true;
    } & Evidence)
  /** Maybe sent. */
  | ({ readonly kind: 'unknown' } & Evidence);

/** What the outcome was concluded from; holds no number, text, key or address. */
export interface Evidence {
  /** A few plain words, for people. */
  readonly reason: string;
  readonly httpStatus?: number;
  readonly providerCode?: string;
}
