import { Worker } from 'bullmq';
import { createShapeActivities } from '../../shapes/activities.js';
import { endOnSigterm } from '../end-on-sigterm.js';
import { readPeerWorkerOptions } from '../peer-worker-options.js';
import { sendSms } from '../send-sms.js';
import { CONCURRENCY, QUEUE_NAME, type QueueJob } from './queue.js';

/** The process of BullMQ's worker. */
const { storeUrl, activities: options } = readPeerWorkerOptions();
const activities = createShapeActivities(options);
const worker = new Worker<QueueJob>(QUEUE_NAME, ({ data }) => sendSms(activities, data), {
  connection: { url: storeUrl, maxRetriesPerRequest: null },
  concurrency: CONCURRENCY,
});
// Without a listener, a lost connection would end the process.
worker.on('error', () => undefined);
endOnSigterm(() => worker.close());
await worker.waitUntilReady();
process.stdout.write('{"msg":"worker started"}\n');
