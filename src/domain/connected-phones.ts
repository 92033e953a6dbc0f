import type { UnreadableList } from './unreadable-list.js';

/** A phone of an account, as the provider sees it; what its row does not say is absent. */
export interface ConnectedPhone {
  readonly phoneId: string;
  readonly label?: string;
  readonly online?: boolean;
  /** Epoch milliseconds; a date without a zone is read as UTC. */
  readonly lastSeenAtMs?: number;
  /** Percent, 0 to 100. */
  readonly battery?: number;
  /** Of the provider's app. */
  readonly version?: string;
}

/** What one reading of the list of phones came to. */
export type PhonesReading =
  | {
      readonly kind: 'read';
      readonly phones: readonly ConnectedPhone[];
      /** How many rows hold no id of a phone. */
      readonly skipped: number;
    }
  | UnreadableList;

/** What is asked of the list of phones, with the API key in clear: it lives in memory only. */
export interface PhonesRequest {
  readonly apiKey: string;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}
