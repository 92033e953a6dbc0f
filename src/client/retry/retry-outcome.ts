import type { SmsErrorCode } from '../../domain/errors.js';
import type { SmsRunStatus } from '../sms-handle.js';

/** How a send is retried. */
export interface RetryOptions {
  /**
   * Starts the retry though the old send may have been sent: the recipient may get the message
   * twice.
   *
   * @default false
   */
  readonly force?: boolean | undefined;
  /**
   * Starts nothing, and says what would be done.
   *
   * @default false
   */
  readonly dryRun?: boolean | undefined;
  /** Ends the waiting. A worker's check goes on, and the same retry takes it up later. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called before the provider's sent messages are read, with the time from which a message that
   * they lack counts as not sent.
   */
  readonly onReconciling?: ((reconciling: { readonly believedFrom: Date }) => void) | undefined;
}

/**
 * Why a send is not retried: it still runs, it was sent, the same job would fail again, or it is
 * unknown whether it was sent (`unresolved`).
 */
export type RetryRefusal = 'running' | 'accepted' | 'would-fail-again' | 'unresolved';

/** The outcome of a retry. */
export type RetryOutcome =
  | ({
      /** The retry was started. */
      readonly kind: 'started';
      /** Temporal's id of its run. */
      readonly runId: string;
    } & NewSend)
  | ({
      /** With `dryRun`: it would be started. */
      readonly kind: 'would-start';
    } & NewSend)
  | {
      /** It was started before: a send has one retry. */
      readonly kind: 'already-retried';
      /** The retry's id. */
      readonly workflowId: string;
      /** Temporal's id of its run. */
      readonly runId: string;
      /** Where the retry stands. */
      readonly status: SmsRunStatus;
      /** What the retry ended with. */
      readonly code?: SmsErrorCode;
    }
  | {
      /** Nothing was started: the send, or one that it is a retry of, was sent after all. */
      readonly kind: 'was-sent';
      /** The send that was sent. */
      readonly workflowId: string;
      /** The provider's id of its message. */
      readonly messageId: string;
      /** The date of the message among the provider's sent messages, ISO 8601, UTC. */
      readonly timestamp?: string;
    }
  | {
      /** Nothing was started. */
      readonly kind: 'refused';
      /** Why, for code. */
      readonly why: RetryRefusal;
      /** Why, in a sentence for people. */
      readonly reason: string;
    };

/** The send that a retry starts. */
export interface NewSend {
  /** Its id. */
  readonly workflowId: string;
  /** The id of the send that it repeats. */
  readonly retryOf: string;
  /** The provider's sent messages are read first, as the old send may have been sent. */
  readonly reconciledFirst: boolean;
  /** The old `expiresAt` has passed: the new send has the default deadline, 24 h. */
  readonly deadlineRenewed: boolean;
  /** When the new send is sent, ISO 8601, UTC: the `sendAt` of the old one, if it lies ahead. */
  readonly sendAt?: string;
}
