import type { SmsOptions } from '../sms-job.js';
import type { NotSent } from './event.js';
import { DEFAULT_UNKNOWN_CHECKS_MS } from '../replayed-constants.js';
import type { Sighting } from './sightings.js';
import type { FoundVerdict, RequestQuery } from './verdict.js';

/** What a run goes by; it does not change. */
export interface RunRules {
  /** The options of its job. */
  readonly options: SmsOptions | undefined;
  /** Epoch milliseconds. */
  readonly deadlineMs: number;
  /** When the original run was started, epoch milliseconds. */
  readonly startedAtMs: number;
}

/** What is not known since the first request of unknown outcome. */
export interface UnknownOutcome {
  /** When the first of these requests began and the last one ended, epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The API key of the last request, sealed; undefined where a run before the reset made it. */
  readonly requestedWith: string | undefined;
  /** Which request was the last of unknown outcome, and what people read of it. */
  readonly attempt: number;
  readonly message: string;
  /** The reset run that was kept from sending. */
  readonly refusedRunId: string | undefined;
  /** How often the message was sent again and that may have gone out. */
  readonly resends: number;
  /** Sending again was decided, and has not gone out yet. */
  readonly isGranted: boolean;
}

/** How a run leaves its hold, unless an operator says that the message was sent. */
export type HoldExit =
  | { readonly kind: 'found'; readonly verdict: FoundVerdict }
  | { readonly kind: 'send-again'; readonly key: string; readonly by: 'resend' | 'operator' }
  | { readonly kind: 'fail'; readonly by: 'rule' | 'deadline' | 'cancelled' | 'abandoned' }
  /** An operator has said so. */
  | { readonly kind: 'named' };

/** A result that a second message is looked for beside. */
export interface AcceptedMessage {
  readonly messageId: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
}

/** What the run is at: each phase waits for one kind of event. */
export type Phase =
  | { readonly kind: 'requesting' }
  /** The last request was proven not sent, and nothing is unknown. */
  | { readonly kind: 'backing-off'; readonly request: NotSent }
  /**
   * The provider's word that nothing was sent is compared with its sent messages; `look` counts
   * from 1.
   */
  | { readonly kind: 'looking' | 'between-looks'; readonly request: NotSent; readonly look: number }
  /** The next check of the sent messages is due; `check` counts from 0. */
  | ({ readonly kind: 'waiting' } & CheckWindow)
  | ({ readonly kind: 'checking'; readonly isCancelled: boolean } & CheckWindow)
  | ({ readonly kind: 'held' | 'asking-while-held' } & Hold)
  | { readonly kind: 'leaving-hold'; readonly exit: HoldExit }
  /** The message is with the provider, and may be there twice. */
  | ({ readonly kind: 'looking-for-duplicate' | 'waiting-for-duplicate' } & DuplicateLook)
  | { readonly kind: 'ended' };

/**
 * The time after a request during which a row may still appear, and in which nothing is sent again.
 */
export interface CheckWindow {
  readonly check: number;
  /** When the request ended, epoch milliseconds. */
  readonly sinceMs: number;
  /** Set where the last request was proven not sent; then there is one check. */
  readonly notSent: NotSent | undefined;
}

/** A look for a second message. */
export interface DuplicateLook {
  readonly result: AcceptedMessage;
  readonly query: RequestQuery;
  /** Counts from 1. */
  readonly look: number;
}

/** A run that waits for an operator, and asks the provider on. */
export interface Hold {
  /** How often the provider was asked since the hold began, or since an operator's order. */
  readonly asked: number;
  /** An operator has ordered to send again, and that was not carried out. */
  readonly isResendOrdered: boolean;
}

/** Everything that a run knows of its message. */
export interface ReconciliationState {
  readonly rules: RunRules;
  readonly phase: Phase;
  /** Undefined while every request has a clear outcome. */
  readonly unknown: UnknownOutcome | undefined;
  readonly sightings: readonly Sighting[];
  /**
   * How many requests the provider may list: requests with an unknown outcome, and requests that
   * only the provider says were not sent.
   */
  readonly maybeListed: number;
  /**
   * When the first request began that the provider says its phone was offline for, epoch
   * milliseconds.
   */
  readonly offlineSinceMs: number | undefined;
  /** The sent messages have confirmed the provider's word that its phone is offline. */
  readonly isOfflineBelieved: boolean;
}

/** When the sent messages are checked, in milliseconds from the end of a request. */
export function checksOf({ options }: RunRules): readonly number[] {
  return options?.unknownChecksMs ?? DEFAULT_UNKNOWN_CHECKS_MS;
}

/** How long a run may still send, in milliseconds. */
export function remainingMs({ deadlineMs }: RunRules, nowMs: number): number {
  return Math.max(0, deadlineMs - nowMs);
}
