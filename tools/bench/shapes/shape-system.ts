import { fileURLToPath } from 'node:url';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client } from '@temporalio/client';
import { bundleWorkflowCode } from '@temporalio/worker';
import { describeStart } from '../../../src/client/start-request.js';
import { parsePayloadKeys } from '../../../src/encryption/payload-keys.js';
import { createRecipientKey } from '../../../src/encryption/recipient-key.js';
import { startWorkerProcess } from '../../servers/worker-process.js';
import type { WorkerTuning } from '../../../src/worker/tuning.js';
import type { BenchParts, TemporalParts } from '../parts.js';
import type { BenchSystem } from '../system.js';
import { readSendCost } from './send-cost.js';
import { BENCH_WORKER, toActivityOptions, type BenchWorkerOptions } from './worker-options.js';

/** A plain shape. */
interface Shape {
  readonly label: string;
  /** Its workflow. */
  readonly type: 'nothing' | 'oneActivity' | 'threeActivities';
  /**
   * Activities take the way through the task queue, as on a server with Temporal's own settings.
   */
  readonly isQueued?: boolean;
  /** It is started with the memo and the search attributes that ours has. */
  readonly isDescribed?: boolean;
}

/** The plain shapes, by name. */
export const SHAPES = {
  nothing: { type: 'nothing', label: 'a workflow that does nothing' },
  oneActivity: { type: 'oneActivity', label: 'one activity (send only)' },
  oneActivityDescribed: {
    type: 'oneActivity',
    label: 'one activity, with our memo and search attributes',
    isDescribed: true,
  },
  threeActivities: {
    type: 'threeActivities',
    label: 'three activities, through the task queue',
    isQueued: true,
  },
  threeActivitiesEager: { type: 'threeActivities', label: 'three activities, eager' },
} as const satisfies Record<string, Shape>;

/**
 * The SDK asks for no activity eagerly where it has to obey a rate limit of the queue; this one is
 * never reached.
 */
const QUEUED: WorkerTuning = { maxTaskQueueActivitiesPerSecond: 100_000 };

/** Bundles the workflows of the plain shapes ahead, as ours are. */
export async function bundleShapes(parts: Pick<BenchParts, 'makeDirectory'>): Promise<string> {
  const quiet = () => undefined;
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
    logger: { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  const path = join(await parts.makeDirectory('shapes'), 'bundle.js');
  await writeFile(path, code);
  return path;
}

/** One of the plain shapes, with a worker of its own. */
export async function startShape(
  name: keyof typeof SHAPES,
  options: {
    parts: BenchParts;
    temporal: TemporalParts;
    client: Client;
    bundlePath: string;
  },
): Promise<BenchSystem> {
  const { parts, temporal, client, bundlePath } = options;
  const { type, label, isQueued = false, isDescribed = false }: Shape = SHAPES[name];
  const taskQueue = `shape-${name}`;
  const worker = await startBenchWorker(parts, {
    address: temporal.temporal.address,
    namespace: temporal.temporal.namespace,
    taskQueue,
    tuning: isQueued ? QUEUED : {},
    compression: 'gzip',
    runs: { kind: 'shapes', bundlePath, activities: toActivityOptions(parts) },
  });
  const recipientKey = createRecipientKey(parsePayloadKeys(parts.payloadKeys)[0]);
  return {
    name,
    label,
    async send({ key, ...job }) {
      const { accountId, recipientPhone, message } = job;
      const { memo, searchAttributes, summary } = describeStart(job, recipientKey);
      await client.workflow.execute(type, {
        workflowId: key,
        taskQueue,
        args: [{ accountId, recipientPhone, message }],
        ...(isDescribed
          ? { memo: { ...memo }, typedSearchAttributes: searchAttributes, staticSummary: summary }
          : {}),
      });
    },
    workerPids: () => [worker.process.pid],
    serverPids: temporal.pids,
    costOf: ({ key }) => readSendCost(client, key),
  };
}

/** Starts a worker that is only measured. */
export async function startBenchWorker(parts: BenchParts, options: BenchWorkerOptions) {
  const worker = await startWorkerProcess({
    guard: parts.guard,
    environment: { [BENCH_WORKER]: JSON.stringify(options) },
    nodeArguments: [...process.execArgv, fileURLToPath(new URL('./worker.ts', import.meta.url))],
  });
  parts.cleanUp.add(worker.stop);
  return worker;
}
