import { isCancellation } from '@temporalio/workflow';
import { isTransient } from '../domain/errors.js';
import { readActivityFailure, runFailure, type ActivityVerdict } from './failures.js';

/** The time after which this run's message must not be sent any more. */
export interface Deadline {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** How many requests to the provider were made so far. */
  attempts: number;
  remainingMs(): number;
  /** Remembers what stood in the way, so that an expiry can name it. */
  recordFailure(failure: unknown): void;
  /**
   * @throws ApplicationFailure MESSAGE_EXPIRED once the deadline has passed; its cause is the last
   *   failure
   */
  check(): void;
}

/** A run's deadline; the time is the workflow's own, so that a replay sees the same. */
export function createDeadline(atMs: number): Deadline {
  let lastFailure: unknown;
  const remainingMs = () => Math.max(0, atMs - Date.now());
  return {
    atMs,
    attempts: 0,
    remainingMs,
    recordFailure(failure) {
      lastFailure = failure;
    },
    check() {
      if (remainingMs() > 0) return;
      const { details } = readActivityFailure(lastFailure);
      throw runFailure('MESSAGE_EXPIRED', {
        details: { attempt: this.attempts, ...details },
        cause: lastFailure,
      });
    },
  };
}

/**
 * Remembers the failure of an activity that sends nothing, and that may pass.
 *
 * @returns what the failure says
 * @throws ApplicationFailure with a code that is never retried; the cancellation of the run
 */
export function recordOrThrow(deadline: Deadline, error: unknown): ActivityVerdict {
  if (isCancellation(error)) throw error;
  const verdict = readActivityFailure(error);
  const { code, message, details } = verdict;
  if (code !== undefined && !isTransient(code)) {
    throw runFailure(code, { message, details: { ...details, attempt: deadline.attempts }, cause: error });
  }
  deadline.recordFailure(error);
  return verdict;
}
