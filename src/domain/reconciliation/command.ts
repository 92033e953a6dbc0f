import type { SmsResult } from '../sms-job.js';
import type { Sighting } from './sightings.js';
import type { RequestQuery } from './verdict.js';

/** Why a run fails. */
export type RunFailure =
  /** As SEND_OUTCOME_UNKNOWN, the way this request ended. */
  | { readonly kind: 'unknown'; readonly attempt: number }
  /** With what has just ended the last request, or the wait before it. */
  | { readonly kind: 'passed-on' }
  /**
   * As SEND_OUTCOME_UNKNOWN, as what has just ended the last request says nothing about the ones
   * before.
   */
  | { readonly kind: 'unknown-before'; readonly message: string }
  /** With a code; `attempt` is the request whose failure is its cause. */
  | {
      readonly kind: 'code';
      readonly code: 'SEND_OUTCOME_UNKNOWN' | 'MESSAGE_SEND_FAILED';
      readonly message: string;
      readonly attempt: number;
      readonly providerCode: string | undefined;
    };

/**
 * What the driver must do next; each is answered by one event, but the last two, which end the run.
 */
export type Command =
  /**
   * Make a request: with this sealed key, or, where none is given, with the key as soon as it can
   * be had.
   */
  | {
      readonly kind: 'request';
      readonly key: string | undefined;
      /** The reset run that may send all the same. */
      readonly clearedRunId: string | undefined;
    }
  | {
      readonly kind: 'wait';
      readonly untilMs: number;
      /** Only the next request waits: it ends early for a recipient who has opted out. */
      readonly mayEndEarly?: true;
    }
  /** Look for the message among the provider's sent messages, and claim it. */
  | { readonly kind: 'ask'; readonly query: RequestQuery; readonly sightings: readonly Sighting[] }
  /** Wait for an operator's decision, but no longer than this. */
  | {
      readonly kind: 'hold';
      readonly waitMs: number;
      /** Decisions are taken from now on, and one that was taken before is forgotten. */
      readonly opens: boolean;
    }
  | { readonly kind: 'close-hold' }
  | { readonly kind: 'look-for-duplicate'; readonly messageId: string; readonly query: RequestQuery }
  | { readonly kind: 'complete'; readonly result: SmsResult }
  | { readonly kind: 'fail'; readonly failure: RunFailure };

/** How an unknown outcome came to an end. */
export type ReconciledBy =
  /** The provider's sent messages show it. */
  | 'log'
  /** The message is sent again, by the job's own rule. */
  | 'resend'
  /** An operator said that it was sent, or ordered to send it again. */
  | 'operator'
  /** An operator left it. */
  | 'abandoned'
  /** The deadline passed. */
  | 'deadline'
  /** The job's rule is to fail. */
  | 'rule'
  /** The run was cancelled. */
  | 'cancelled';
