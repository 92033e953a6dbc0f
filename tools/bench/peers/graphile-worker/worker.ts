import { EventEmitter } from 'node:events';
import { Logger, run, type WorkerEvents } from 'graphile-worker';
import { createShapeActivities } from '../../shapes/activities.js';
import type { ShapeJob } from '../../shapes/types.js';
import { endOnSigterm } from '../end-on-sigterm.js';
import { readPeerWorkerOptions } from '../peer-worker-options.js';
import { sendSms } from '../send-sms.js';
import { BATCH_DELAY_MS, CONCURRENT_JOBS, TASK_NAME, type JobEnd } from './task.js';

/** The process of Graphile Worker. */
const { storeUrl, activities: options } = readPeerWorkerOptions();
const activities = createShapeActivities(options);
const events: WorkerEvents = new EventEmitter();
events.on('job:complete', ({ job, error }) => {
  const hasFailed = error instanceof Error;
  if (hasFailed && job.attempts < job.max_attempts) return;
  const end: JobEnd = { ended: job.key ?? '', ...(hasFailed ? { reason: error.message } : {}) };
  process.stdout.write(`${JSON.stringify(end)}\n`);
});
const runner = await run({
  preset: {
    worker: {
      connectionString: storeUrl,
      concurrentJobs: CONCURRENT_JOBS,
      maxPoolSize: CONCURRENT_JOBS + 2,
      localQueue: { size: CONCURRENT_JOBS + 1 },
      completeJobBatchDelay: BATCH_DELAY_MS,
      failJobBatchDelay: BATCH_DELAY_MS,
    },
  },
  events,
  // A line for each job would be work that the others do not have.
  logger: new Logger(() => () => undefined),
  noHandleSignals: true,
  taskList: {
    [TASK_NAME]: async (payload) => {
      await sendSms(activities, payload as ShapeJob);
    },
  },
});
endOnSigterm(() => runner.stop());
process.stdout.write('{"msg":"worker started"}\n');
await runner.promise;
