import type { SentSmsVerdict } from './verdict.js';

/**
 * A row that may be the run's own, and when the run first saw it; epoch milliseconds, by Temporal's
 * clock.
 */
export interface Sighting {
  readonly messageId: string;
  readonly sinceMs: number;
}

/** The sightings after one more reading. */
export function addSighting(
  sightings: readonly Sighting[],
  verdict: SentSmsVerdict,
  nowMs: number,
): readonly Sighting[] {
  const messageId = verdict.verdict === 'ambiguous' ? verdict.unclaimed?.messageId : undefined;
  if (messageId === undefined || sightings.some((one) => one.messageId === messageId)) return sightings;
  return [...sightings, { messageId, sinceMs: nowMs }];
}
