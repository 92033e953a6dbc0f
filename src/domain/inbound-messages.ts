import type { UnreadableList } from './unreadable-list.js';

/**
 * A message that somebody wrote to a phone of an account. The phone is private, so neither sender
 * nor text may be logged or stored before it is known that the account wrote to this number.
 */
export interface InboundMessage {
  /**
   * The provider's `guid`, or its `id`, or `sha256-` and a hash of the row where it has neither:
   * the same at every reading.
   */
  readonly providerId: string;
  /** The sender as the provider writes it: a number in any form, or a name such as MPESA. */
  readonly from: string;
  /** The text, which may be empty. */
  readonly message: string;
  /**
   * Epoch milliseconds by the clock of the phone or the provider, which may be off; a date without
   * a zone is read as UTC. Undefined if the row holds no date that can be read.
   */
  readonly receivedAtMs: number | undefined;
  /** The provider's id of the phone that received it. */
  readonly phoneId?: string;
}

/** What one reading of the inbox came to. */
export type InboxReading =
  | {
      readonly kind: 'read';
      /** In the provider's order, each once; older ones than asked for may be among them. */
      readonly messages: readonly InboundMessage[];
      /** How many rows hold no sender or no text in any known field. */
      readonly skipped: number;
    }
  | UnreadableList;

/** What is asked of the inbox, with the API key in clear: it lives in memory only. */
export interface InboxRequest {
  readonly apiKey: string;
  /**
   * Messages since this time by the clock that dates the rows, epoch milliseconds; 0 for all that
   * the provider keeps.
   */
  readonly sinceMs: number;
  /** Only what this phone received. */
  readonly phoneId?: string;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}
