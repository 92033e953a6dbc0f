import { Worker, type Processor } from 'bullmq';
import { QUEUE_NAME } from './sms-queue.js';

/** Works on the queue until SIGTERM, then ends the process once the jobs in hand are done. */
export async function runWorker(options: {
  redisUrl: string;
  /** Jobs in hand at once. */
  concurrency: number;
  processor: Processor;
}): Promise<void> {
  const worker = new Worker(QUEUE_NAME, options.processor, {
    connection: { url: options.redisUrl, maxRetriesPerRequest: null },
    concurrency: options.concurrency,
  });
  // Without a listener, a lost connection would end the process.
  worker.on('error', () => undefined);
  process.once('SIGTERM', () => {
    void worker.close().finally(() => process.exit(0));
  });
  await worker.waitUntilReady();
  process.stdout.write('{"msg":"worker started"}\n');
}
