/** A marketing request asks when it may be made. */
export interface MomentRequest {
  /** Stays the same when the question is repeated. */
  readonly ticket: string;
  /** The ticket of a moment that passed unused: it is given back. */
  readonly supersedes?: string;
  readonly workflowId: string;
  readonly accountId: string;
  /** E.164. */
  readonly recipientPhone: string;
  /** Sending phone and SIM, see `laneOf`. */
  readonly lane: string;
  readonly segments: number;
  readonly huntId?: string;
  /** `options.timeZone` of the job. */
  readonly timeZone?: string;
  /** The time after which nothing may be sent, epoch milliseconds. */
  readonly deadlineMs: number;
  /** Why the request before this one was not sent, if the sending phone was to blame. */
  readonly phoneTrouble?: PhoneTrouble;
}

/** Why a sending phone is taken to be closed. */
export interface PhoneTrouble {
  /** The provider's word, a limit of the provider, or anything else: only a series of it counts. */
  readonly kind: 'offline' | 'rate-limited' | 'failed';
  /** The wait that the provider asked for, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** When a marketing request may be made. */
export type MomentAnswer =
  | {
      readonly kind: 'granted';
      /** From the answer to the moment, in milliseconds: the clocks of the parts need not agree. */
      readonly waitMs: number;
      /** What the moment waits for, in a few plain words; undefined for at once. */
      readonly reason?: string;
      /** This request tries whether the sending phone works again. */
      readonly isProbe?: true;
    }
  /** Nothing is granted yet: ask again after a wait, in milliseconds. */
  | { readonly kind: 'ask-again'; readonly waitMs: number; readonly reason: string };

/** A request that is about to be made. */
export interface ClearanceRequest {
  readonly accountId: string;
  /** E.164. */
  readonly recipientPhone: string;
  readonly workflowId: string;
  readonly lane: string;
  /** Of a marketing request. */
  readonly ticket?: string | undefined;
  /** `options.timeZone` of the job. */
  readonly timeZone?: string | undefined;
}

/** What is decided about a request, right before it is made. */
export type Clearance =
  /** From when and until when it may be written, epoch milliseconds by the worker's clock. */
  | { readonly kind: 'clear'; readonly fromMs?: number; readonly untilMs: number }
  | { readonly kind: 'opted-out' }
  /** Not now: another moment must be asked for; `reason` in a few plain words. */
  | { readonly kind: 'missed'; readonly reason: string };
