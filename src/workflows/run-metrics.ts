import { isCancellation, metricMeter, TemporalFailure } from '@temporalio/workflow';
import type { SmsRunErrorCode } from '../domain/errors.js';

/** How the doubt about a message that was maybe sent came to an end, for `sms_unknown_settled_total`. */
export type SettledBy =
  /** The gateway's log shows the message. */
  | 'log'
  /** It is sent again, by the job's own rule. */
  | 'resend'
  /** A person said that it was sent, or that it is to be sent again. */
  | 'operator'
  /** A person left it. */
  | 'abandoned'
  /** The deadline passed. */
  | 'deadline'
  /** The job's rule is to fail. */
  | 'rule'
  /** The run was cancelled. */
  | 'cancelled';

// Neither writes an event, and neither counts while a run is replayed: both go through the SDK's own sink.

/** Counts the end of a run; `code` of a cancelled one only where it may have sent. */
export function countEnd(outcome: 'sent' | 'failed' | 'cancelled', code?: SmsRunErrorCode | 'OTHER'): void {
  const ends = metricMeter.createCounter(
    'sms_sends_total',
    undefined,
    'Runs that ended, by outcome and code',
  );
  ends.add(1, { outcome, code: code ?? 'none' });
}

/** Counts the end of a run by a failure without a code of ours; an error that is no failure ends no run. */
export function countEndWithoutCode(failure: unknown): void {
  if (isCancellation(failure)) countEnd('cancelled');
  else if (failure instanceof TemporalFailure) countEnd('failed', 'OTHER');
}

/** Counts one doubt that came to an end. */
export function countSettled(way: SettledBy): void {
  metricMeter
    .createCounter('sms_unknown_settled_total', undefined, 'Unknown outcomes that came to an end, by the way')
    .add(1, { way });
}
