/** Which requests a message is looked for after. */
export interface RequestQuery {
  /** When the first began and the last ended, epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The sealed API key of the last; undefined if it is not known. */
  readonly requestedWith: string | undefined;
}

/** A row of the sent messages that no run was found to own. */
export interface KnownRow {
  readonly messageId: string;
  /** For how long it has been known at least, in milliseconds. */
  readonly forMs: number;
}

/**
 * What the provider's sent messages, and the runs that may own them, say about a message that was
 * maybe sent.
 */
export type SentSmsVerdict =
  /** The message is there, and the run that made the requests owns it now. */
  | {
      readonly verdict: 'found';
      readonly messageId: string;
      /** The date of its row, ISO 8601, UTC. */
      readonly timestamp: string;
      /** The provider's code, if its phone failed to send the message. */
      readonly failure?: string;
    }
  /** The list was read, and the message is not there: a reason to send it again, no proof. */
  | { readonly verdict: 'clean' }
  /** It cannot be decided; `reason` in a few plain words. */
  | {
      readonly verdict: 'ambiguous';
      readonly reason: string;
      /**
       * A row holds this number and text: it may be the message, whatever the provider answered.
       */
      readonly showsMessage?: true;
      /** Whose that row is will be known within minutes. */
      readonly isTransient?: true;
      /**
       * The row that is claimed once the other runs were listed again, and when that is, in
       * milliseconds.
       */
      readonly unclaimed?: { readonly messageId: string; readonly claimableInMs: number };
    }
  /** The list was not read; `reason` in a few plain words. */
  | { readonly verdict: 'unreadable'; readonly reason: string };

/** The verdict where the message is there. */
export type FoundVerdict = Extract<SentSmsVerdict, { verdict: 'found' }>;

/** The verdicts where it is not there, or cannot be seen. */
export type UnfoundVerdict = Exclude<SentSmsVerdict, FoundVerdict>;
