import { isCancellation, metricMeter, TemporalFailure } from '@temporalio/workflow';
import type { SmsRunErrorCode } from '../domain/errors.js';
import type { FollowEnd } from '../domain/following/follow-state.js';
import type { ReconciledBy } from '../domain/reconciliation/command.js';

// None writes an event, and none counts while a run is replayed: all go through the SDK's own sink.

/** Counts the end of a run; `code` of a cancelled one only where it may have sent. */
export function countEnd(
  outcome: 'accepted' | 'failed' | 'cancelled',
  code?: SmsRunErrorCode | 'OTHER',
): void {
  const ends = metricMeter.createCounter(
    'sms_sends_total',
    undefined,
    'Runs that ended, by outcome and code',
  );
  ends.add(1, { outcome, code: code ?? 'none' });
}

/**
 * Counts the end of a run by a failure without a code of ours. Any other error does not end a run.
 */
export function countEndWithoutCode(failure: unknown): void {
  if (isCancellation(failure)) countEnd('cancelled');
  else if (failure instanceof TemporalFailure) countEnd('failed', 'OTHER');
}

/** Counts one unknown outcome that came to an end. */
export function countReconciled(way: ReconciledBy): void {
  metricMeter
    .createCounter(
      'sms_unknown_reconciled_total',
      undefined,
      'Unknown outcomes that ended, by how they ended',
    )
    .add(1, { way });
}

/** Counts the end of a followed send, by what is known of its phone. */
export function countFollowed(delivery: FollowEnd['kind']): void {
  metricMeter
    .createCounter('sms_followed_total', undefined, 'Followed sends that ended, by what their phones did')
    .add(1, { delivery });
}
