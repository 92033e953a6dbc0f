import type { WorkerTuning } from '../../../src/worker/tuning.js';
import type { BenchParts } from '../parts.js';
import type { ShapeActivityOptions } from './activities.js';

/** The options of a benchmark's worker process, as JSON in its environment. */
export interface BenchWorkerOptions {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly tuning: WorkerTuning;
  readonly compression: 'gzip' | 'none';
  readonly runs:
    | { readonly kind: 'shapes'; readonly bundlePath: string; readonly activities: ShapeActivityOptions }
    | { readonly kind: 'durable'; readonly payloadKeys: string; readonly activities: ShapeActivityOptions };
}

/** What activities need of the parts, and nothing else: it becomes JSON. */
export function toActivityOptions({
  databaseUrl,
  encryptionKey,
  providerUrl,
  apiKey,
}: BenchParts): ShapeActivityOptions {
  return { databaseUrl, encryptionKey, providerUrl, apiKey };
}

/** The variable that holds them. */
export const BENCH_WORKER = 'BENCH_WORKER';
