import type { Occurrence } from '../domain/reconciliation/event.js';
import type { ReconciliationState } from '../domain/reconciliation/state.js';
import type { SmsResult } from '../domain/sms-job.js';

/** What the course of a run says of the message that the provider has accepted. */
export interface Acceptance {
  /** The provider took it at this time or later, epoch milliseconds. */
  readonly sinceMs: number;
  /** Another request of this send may have been accepted, too. */
  readonly mayBeElsewhere: boolean;
}

/** Watches a run on its way to an acceptance. */
export interface AcceptanceWatch {
  note(state: ReconciliationState, occurrence: Occurrence): void;
  of(state: ReconciliationState, result: SmsResult): Acceptance;
}

/** The watch of a run that has made no request. */
export function createAcceptance(): AcceptanceWatch {
  let unknownSinceMs = Infinity;
  let wasKeptFromSending = false;
  let wasAnswered = false;
  return {
    note({ unknown }, occurrence) {
      if (unknown !== undefined) {
        unknownSinceMs = Math.min(unknownSinceMs, unknown.fromMs);
        wasKeptFromSending ||= unknown.refusedRunId !== undefined;
      }
      if (occurrence.kind === 'accepted') wasAnswered = true;
    },
    of({ maybeListed }, { timestamp }) {
      // What was answered at once is not among those that may be listed; what was found is.
      const others = wasAnswered ? maybeListed : maybeListed - 1;
      return {
        sinceMs: Math.min(unknownSinceMs, Date.parse(timestamp)),
        mayBeElsewhere: others > 0 || wasKeptFromSending,
      };
    },
  };
}
