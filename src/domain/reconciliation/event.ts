import type { SendDecision } from '../send-decision.js';
import type { SentSmsVerdict } from './verdict.js';

/** A request that was proven not sent, and is worth another try. */
export interface NotSent {
  readonly kind: 'not-sent';
  /** Which request of the run it was, from 1. */
  readonly attempt: number;
  /** When it began and ended, epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The API key that it was made with, sealed. */
  readonly key: string;
  /** The wait that the provider requested, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /**
   * Only the provider's word proves it: its sent messages are read before the request is repeated.
   */
  readonly lookBeforeRepeat: boolean;
  /** A sentence for people. */
  readonly reason: string;
}

/** How a request ended. */
export type RequestEnd =
  | { readonly kind: 'accepted'; readonly messageId: string; readonly timestamp: string }
  | NotSent
  /**
   * Everything that proves neither: a time-out, a lost worker, a bug, a reset run that was kept
   * from sending.
   */
  | {
      readonly kind: 'unknown';
      readonly attempt: number;
      readonly fromMs: number;
      readonly toMs: number;
      readonly key: string;
      /** A sentence for people. */
      readonly message: string;
      /** The reset run that was kept from sending. */
      readonly refusedRunId: string | undefined;
    }
  /** Final: the provider refuses it, the deadline has passed, or its API key can never be had. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The run was cancelled before the request began. */
  | { readonly kind: 'never-began' };

/** What answers a command; each belongs to one command. */
export type Occurrence =
  | RequestEnd
  | { readonly kind: 'waited'; readonly isCancelled: boolean }
  /** The provider's answer to the question for the message. */
  | {
      readonly kind: 'asked';
      readonly verdict: SentSmsVerdict;
      /** The sealed key that it was read with; undefined where the key could not be had. */
      readonly key: string | undefined;
      /** An operator's decision, where the run is held and one was taken meanwhile. */
      readonly decision: SendDecision | undefined;
    }
  | {
      readonly kind: 'hold-interrupted';
      readonly isCancelled: boolean;
      readonly decision: SendDecision | undefined;
    }
  /** From now on no decision is taken; `decision` is the last one that was. */
  | { readonly kind: 'hold-closed'; readonly decision: SendDecision | undefined }
  | { readonly kind: 'looked-for-duplicate'; readonly possibleDuplicateOf: string | undefined };

/** What happened, when, and chance for the wait that may follow. */
export type ReconciliationEvent = Occurrence & {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** 0 to 1. */
  readonly jitter: number;
};

/** An event of one kind. */
export type EventOf<K extends Occurrence['kind']> = Extract<ReconciliationEvent, { kind: K }>;
