import type { Job } from 'bullmq';
import { runWorker } from '../../../bullmq/run-worker.js';
import { createShapeActivities } from '../../shapes/activities.js';
import { readPeerWorkerOptions } from '../peer-worker-options.js';
import { sendSms } from '../send-sms.js';
import { CONCURRENCY, type QueueJob } from './queue.js';

/** The process of BullMQ's worker. */
const { storeUrl, activities: options } = readPeerWorkerOptions();
const activities = createShapeActivities(options);
await runWorker({
  redisUrl: storeUrl,
  concurrency: CONCURRENCY,
  processor: ({ data }: Job<QueueJob>) => sendSms(activities, data),
});
