import { Worker } from 'bullmq';
import { sendSms } from './send-sms.js';
import { QUEUE_NAME, type SmsJobData, type SmsJobResult } from './sms-queue.js';

/** A worker process as people write it: default locks, some concurrency, and a close at SIGTERM. */
const { REDIS_PORT = '', SMSMOBILEAPI_URL = '' } = process.env;
const worker = new Worker<SmsJobData, SmsJobResult>(
  QUEUE_NAME,
  ({ data }) => sendSms(SMSMOBILEAPI_URL, data),
  {
    connection: { host: '127.0.0.1', port: Number(REDIS_PORT), maxRetriesPerRequest: null },
    concurrency: 10,
  },
);
// Without a listener, a lost connection would end the process.
worker.on('error', () => undefined);
process.once('SIGTERM', () => {
  void worker.close().finally(() => process.exit(0));
});
await worker.waitUntilReady();
console.log('"worker started"');
