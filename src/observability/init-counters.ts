import type { MetricMeter } from '@temporalio/common';
import { SMS_ERRORS } from '../domain/errors.js';
import { WORKFLOW_TYPE } from '../domain/names.js';

/**
 * Sets the counters that workflows count to 0, with the labels that the SDK adds there: the first
 * failure is then a rise from 0, which Prometheus notices, and not a new series, which it does not.
 */
export function initCounters(
  meter: MetricMeter,
  { namespace, taskQueue }: { readonly namespace: string; readonly taskQueue: string },
): void {
  const sends = meter.createCounter('sms_sends_total', undefined, 'Runs that ended, by outcome and code');
  const common = { namespace, taskQueue, workflowType: WORKFLOW_TYPE };
  sends.add(0, { ...common, outcome: 'accepted', code: 'none' });
  for (const code of Object.keys(SMS_ERRORS)) sends.add(0, { ...common, outcome: 'failed', code });
  const followed = meter.createCounter(
    'sms_followed_total',
    undefined,
    'Followed sends that ended, by what their phones did',
  );
  for (const delivery of ['sent', 'failed', 'unknown']) followed.add(0, { ...common, delivery });
}
