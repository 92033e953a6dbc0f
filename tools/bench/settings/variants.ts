import { modulesOfTheBuild, preloadedModules } from '../../../src/worker/workflow-source.js';
import type { WorkerTuning } from '../../../src/worker/tuning.js';

/** One setting that is changed. */
export interface Variant {
  readonly label: string;
  readonly tuning?: WorkerTuning;
  readonly compression?: 'gzip' | 'none';
}

/** What others are compared with. */
export const SHIPPED = 'shipped';

/** The benchmark's worker bundles at start what the build has bundled. */
export const AS_BUILT: WorkerTuning = { bundlerOptions: { preloadModules: modulesOfTheBuild() } };

/** The settings that are tried out, each alone against what is shipped. */
export const VARIANTS: Readonly<Record<string, Variant>> = {
  [SHIPPED]: { label: 'as shipped' },
  noPreload: { label: 'zod evaluated anew for each run', tuning: { bundlerOptions: { preloadModules: [] } } },
  stacks: {
    label: 'stack traces in workflows',
    tuning: { bundlerOptions: { preloadModules: preloadedModules() } },
  },
  notEager: {
    // The SDK asks for no activity eagerly where a rate limit of the queue has to be obeyed.
    label: 'no eager activities',
    tuning: { maxTaskQueueActivitiesPerSecond: 100_000 },
  },
  noCompression: { label: 'gRPC without gzip', compression: 'none' },
  autoscaling: {
    label: 'autoscaling pollers',
    tuning: {
      workflowTaskPollerBehavior: { type: 'autoscaling' },
      activityTaskPollerBehavior: { type: 'autoscaling' },
    },
  },
  fewPollers: {
    label: '2 + 1 pollers',
    tuning: {
      workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
      activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 1 },
    },
  },
  twoThreads: { label: 'two workflow threads', tuning: { workflowThreadPoolSize: 2 } },
  newContexts: { label: 'a V8 context for each run', tuning: { reuseV8Context: false } },
  tuner: {
    label: 'slots by resources (tuner)',
    tuning: { tuner: { tunerOptions: { targetMemoryUsage: 0.8, targetCpuUsage: 0.9 } } },
  },
};
