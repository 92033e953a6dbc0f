import type { MetricMeter } from '@temporalio/common';
import type { SentSmsVerdict } from '../activities/types.js';
import type { SendOutcome } from '../domain/send-outcome.js';
import { createPolicyMetrics, type PolicyMetrics } from './policy-metrics.js';

/** How long phones have not sent what was accepted. */
export type UnsentOver = '10m' | '1h';

/**
 * What the worker itself measures. Labels have a few values each, known ahead: no id, number or
 * text is among them.
 */
export interface SmsMetrics {
  /** One request to the provider, and how long it took, in milliseconds. */
  countRequest(outcome: SendOutcome, durationMs: number): void;
  /** One look into the provider's list of sent messages. */
  countLogCheck(verdict: SentSmsVerdict['verdict']): void;
  /** One reading of the web app's database. */
  countDatabaseRead(outcome: 'answered' | 'failed'): void;
  /** How many runs are held now, and when that was asked (epoch milliseconds). */
  setHeld(count: number, atMs: number): void;
  /** How many sends are followed now, and how many of them their phones have not sent for long. */
  setFollowed(count: number, unsent: Readonly<Record<UnsentOver, number>>): void;
  readonly policies: PolicyMetrics;
}

/** The name of the histogram that has buckets of its own. */
export const REQUEST_DURATION = 'sms_provider_request_duration_seconds';

/** Bounds of its buckets, in seconds: a request ends within 30 s. */
export const REQUEST_DURATION_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 25, 30];

/**
 * The metrics of a worker, on the meter of its runtime: one endpoint then has them and the SDK's
 * own.
 */
export function createSmsMetrics(meter: MetricMeter): SmsMetrics {
  const requests = meter.createCounter('sms_requests_total', undefined, 'Requests to the provider');
  const duration = meter.createHistogram(REQUEST_DURATION, 'float', undefined, 'How long requests took');
  const logChecks = meter.createCounter(
    'sms_sent_message_checks_total',
    undefined,
    'Checks of the provider’s sent messages',
  );
  const databaseReads = meter.createCounter('sms_database_reads_total', undefined, 'Reads of accounts');
  for (const outcome of ['answered', 'failed'] as const) databaseReads.add(0, { outcome });
  const held = meter.createGauge('sms_held', 'int', undefined, 'Runs that are held now');
  const heldAskedAt = meter.createGauge(
    'sms_held_timestamp_seconds',
    'int',
    undefined,
    'Unix time of the last count of held runs',
  );
  const followed = meter.createGauge('sms_followed', 'int', undefined, 'Sends that are followed now');
  const unsent = meter.createGauge(
    'sms_followed_unsent',
    'int',
    undefined,
    'Sends that their phones have not sent for some time',
  );
  return {
    countRequest(outcome, durationMs) {
      const labels = { outcome: outcome.kind, code: codeOf(outcome) };
      requests.add(1, { ...labels, http_status_class: statusClassOf(outcome) });
      duration.record(durationMs / 1000, { outcome: outcome.kind });
    },
    countLogCheck(verdict) {
      logChecks.add(1, { verdict });
    },
    countDatabaseRead(outcome) {
      databaseReads.add(1, { outcome });
    },
    setHeld(count, atMs) {
      held.set(count);
      heldAskedAt.set(Math.floor(atMs / 1000));
    },
    setFollowed(count, counts) {
      followed.set(count);
      for (const [over, unsentCount] of Object.entries(counts)) unsent.set(unsentCount, { over });
    },
    policies: createPolicyMetrics(meter),
  };
}

function codeOf(outcome: SendOutcome): string {
  if (outcome.kind === 'accepted') return 'none';
  return outcome.kind === 'unknown' ? 'SEND_OUTCOME_UNKNOWN' : outcome.code;
}

function statusClassOf(outcome: SendOutcome): string {
  const status = outcome.httpStatus ?? outcome.answer?.httpStatus;
  return status === undefined ? 'none' : `${Math.floor(status / 100)}xx`;
}
