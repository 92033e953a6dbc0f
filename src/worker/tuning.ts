import type { WorkerOptions } from '@temporalio/worker';

/**
 * The settings of a worker that a benchmark tries out: none was worth more than the SDK's default
 * (docs/performance.md).
 */
export type WorkerTuning = Pick<
  WorkerOptions,
  | 'workflowTaskPollerBehavior'
  | 'activityTaskPollerBehavior'
  | 'workflowThreadPoolSize'
  | 'reuseV8Context'
  | 'tuner'
  | 'bundlerOptions'
  | 'maxTaskQueueActivitiesPerSecond'
>;
