import { fileURLToPath } from 'node:url';
import { Queue, QueueEvents } from 'bullmq';
import { QUEUE_NAME } from '../../../bullmq/sms-queue.js';
import { freePort } from '../../../servers/free-port.js';
import { startRedisServer } from '../../../bullmq/redis-server.js';
import type { BenchParts } from '../../parts.js';
import type { PeerSystem } from '../peer-system.js';
import { readPackageVersion } from '../read-package-version.js';
import { startPeerWorker } from '../start-peer-worker.js';
import { CONCURRENCY, JOB_OPTIONS, type QueueJob } from './queue.js';

/** After that, a job whose end nobody has told counts as failed, in milliseconds. */
const PATIENCE_MS = 60_000;

/** From its source, and docs.bullmq.io ("Stalled Jobs", "Going to production"). */
const UNPROTECTED = [
  'Never lost: a job that was added is on the disk (appendfsync always), and is taken up again after a crash. Redis is run like that rarely: with its usual everysec, the last second of jobs is gone after a power cut.',
  'Never twice: a worker that is killed after the POST leaves a stalled job; when its lock has run out (30 s), another worker takes it up, and sends again. So it does when the event loop was blocked for that long and the first worker is still at it.',
  'Never twice: a reply that does not come (time-out, reset connection, HTTP 5xx) is an error like any other, and the next of the 3 attempts sends again; nobody looks at the provider’s log.',
  'What it says: a job that has stalled twice, or used up its attempts, is "failed", also where the SMS went out.',
  'Never twice, on the way in: a jobId is taken once, but only for as long as the job is kept (here 1,000 jobs or an hour after their end).',
  'Never told: number and text are in clear in Redis and its append-only file, also after the end of the job. The API key is not: it is loaded and decrypted in the worker.',
];

/**
 * Starts BullMQ on a Redis of its own.
 *
 * @throws MissingServerError without a redis-server on the PATH
 */
export async function startBullmq(parts: BenchParts): Promise<PeerSystem> {
  const { guard, cleanUp, makeDirectory } = parts;
  const port = await freePort();
  const redis = await startRedisServer({
    guard,
    directory: await makeDirectory('redis'),
    port,
    appendfsync: 'always',
  });
  cleanUp.add(redis.stop);

  const storeUrl = `redis://127.0.0.1:${port}`;
  const queue = new Queue<QueueJob>(QUEUE_NAME, { connection: { url: storeUrl } });
  const events = new QueueEvents(QUEUE_NAME, { connection: { url: storeUrl } });
  queue.on('error', () => undefined);
  events.on('error', () => undefined);
  cleanUp.add(() => Promise.all([queue.close(), events.close()]));
  // Each send that is waited for listens for the queue's end.
  queue.setMaxListeners(0);
  await events.waitUntilReady();
  const script = fileURLToPath(new URL('./worker.ts', import.meta.url));
  const worker = await startPeerWorker(parts, { script, storeUrl });
  return {
    name: 'bullmq',
    label: 'BullMQ',
    version: await readPackageVersion('bullmq'),
    settings: `Redis of its own with appendonly yes and appendfsync always; one worker, concurrency ${CONCURRENCY}; ${JOB_OPTIONS.attempts} attempts, exponential backoff from 1 s; the end of a job is heard with waitUntilFinished.`,
    unprotected: UNPROTECTED,
    async send({ key, accountId, recipientPhone, message }) {
      const job = await queue.add(
        'send',
        { accountId, recipientPhone, message },
        { ...JOB_OPTIONS, jobId: key },
      );
      await job.waitUntilFinished(events, PATIENCE_MS);
    },
    workerPids: () => [worker.process.pid],
    serverPids: () => [redis.pid()],
  };
}
