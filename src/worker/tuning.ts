import type { WorkerOptions } from '@temporalio/worker';

/** The settings of a worker that change its speed and nothing else. */
export type WorkerTuning = Pick<
  WorkerOptions,
  | 'maxCachedWorkflows'
  | 'maxConcurrentWorkflowTaskExecutions'
  | 'maxConcurrentActivityTaskExecutions'
  | 'maxConcurrentLocalActivityExecutions'
  | 'workflowTaskPollerBehavior'
  | 'activityTaskPollerBehavior'
  | 'workflowThreadPoolSize'
  | 'reuseV8Context'
  | 'tuner'
  | 'bundlerOptions'
  | 'maxTaskQueueActivitiesPerSecond'
>;

/** What was measured to pay; docs/performance.md has the figures. */
export const WORKER_TUNING: WorkerTuning = {};
