import type { SmsErrorCode } from '../../domain/errors.js';
import type { SmsRunStatus } from '../sms-handle.js';

/** How a send is retried. */
export interface RetryOptions {
  /** Start it though the send before may have sent: the recipient may get the message twice. */
  readonly force?: boolean;
  /** Only say what would be done. */
  readonly dryRun?: boolean;
  /** Ends the waiting; what a worker is asked goes on, and the same retry later takes it up. */
  readonly signal?: AbortSignal | undefined;
  /** Told before the gateway's log is asked, with the moment from which its answer counts. */
  readonly onSettling?: (settling: { readonly believedFrom: Date }) => void;
}

/** Why a send is not retried: it runs, it was sent, its job is not valid, or nobody knows whether it was sent. */
export type RetryRefusal = 'running' | 'sent' | 'would-fail-again' | 'unsettled';

/** What came of the wish to retry a send. */
export type RetryOutcome =
  | ({ readonly kind: 'started'; readonly runId: string } & NewSend)
  /** With `dryRun`. */
  | ({ readonly kind: 'would-start' } & NewSend)
  /** Somebody was quicker: the one retry of this send is there. */
  | {
      readonly kind: 'already-retried';
      readonly workflowId: string;
      readonly runId: string;
      readonly status: SmsRunStatus;
      readonly code?: SmsErrorCode;
    }
  /** The send, or one that it is a retry of, was sent after all: nothing was started. */
  | {
      readonly kind: 'was-sent';
      readonly workflowId: string;
      readonly messageId: string;
      /** The date of its row in the gateway's log, ISO 8601, UTC. */
      readonly timestamp?: string;
    }
  /** Nothing was started; `reason` in a sentence for people. */
  | { readonly kind: 'refused'; readonly why: RetryRefusal; readonly reason: string };

/** The send that a retry starts. */
export interface NewSend {
  readonly workflowId: string;
  readonly retryOf: string;
  /** The gateway's log is asked first whether the old one was sent. */
  readonly settledFirst: boolean;
  /** The old `expiresAt` has passed: the new send has the default deadline. */
  readonly deadlineRenewed: boolean;
  /** The old send was to be sent at this moment, which lies ahead, and so is the new one; ISO 8601, UTC. */
  readonly sendAt?: string;
}
