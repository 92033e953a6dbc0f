import type { Job } from 'bullmq';
import { runWorker } from '../../bullmq/run-worker.js';
import { sendSms, type SmsJobData } from './send-sms.js';

/** A worker process as people write it: default locks, some concurrency, and a close at SIGTERM. */
const { REDIS_URL: redisUrl = '', SMSMOBILEAPI_URL: providerUrl = '' } = process.env;
await runWorker({
  redisUrl,
  concurrency: 10,
  processor: ({ data }: Job<SmsJobData>) => sendSms(providerUrl, data),
});
