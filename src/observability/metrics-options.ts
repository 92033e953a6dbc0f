import type { TelemetryOptions } from '@temporalio/worker';
import { REQUEST_DURATION, REQUEST_DURATION_BUCKETS } from './sms-metrics.js';

/**
 * What the runtime needs to serve metrics for Prometheus on `host:port`; nothing where none are
 * wanted.
 */
export function metricsOptions(address: string | undefined): Pick<TelemetryOptions, 'metrics'> {
  if (address === undefined) return {};
  return {
    metrics: {
      prometheus: {
        bindAddress: address,
        histogramBucketOverrides: { [REQUEST_DURATION]: REQUEST_DURATION_BUCKETS },
      },
    },
  };
}
