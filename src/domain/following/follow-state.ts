import type { PhoneReport, PhoneSign } from './phone-report.js';

/** An unbroken row of readings that say failed. */
export interface SeenFailure {
  /** The provider's code of the latest. */
  readonly code: string;
  /** When the first of them was read, epoch milliseconds. */
  readonly sinceMs: number;
}

/** What a followed send knows of its message. */
export interface FollowState {
  /** When the checks are due that were not made yet, ascending, epoch milliseconds. */
  readonly dueMs: readonly number[];
  /** Undefined unless the latest readable row said failed. */
  readonly failure: SeenFailure | undefined;
  /** The latest code that the phone ever failed with: a state never goes back. */
  readonly lastFailure: string | undefined;
  readonly report: PhoneReport | undefined;
}

/** How the following ends. */
export type FollowEnd =
  /** `sentAtMs` only where the provider names it. */
  | { readonly kind: 'sent'; readonly sentAtMs: number | undefined }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What a followed send does next. */
export type FollowCommand =
  /** Read the sent messages at this time, epoch milliseconds. */
  | {
      readonly kind: 'check';
      readonly atMs: number;
      /** When the next one is due; undefined for the last, epoch milliseconds. */
      readonly nextMs: number | undefined;
    }
  | { readonly kind: 'end'; readonly end: FollowEnd };

/** The state after a reading, what to do next, and what people read meanwhile. */
export interface FollowStep {
  readonly state: FollowState;
  readonly command: FollowCommand;
  /** No number, no text. */
  readonly details: string;
}

/** A reading that has arrived. */
export interface FollowEvent {
  readonly report: PhoneReport;
  /** When it was read, epoch milliseconds. */
  readonly readAtMs: number;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  readonly phone?: PhoneSign | undefined;
}
