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

/** After this time, in milliseconds, a job without a reported end counts as failed. */
const ANSWER_TIMEOUT_MS = 60_000;

/** From its source, and docs.bullmq.io ("Stalled Jobs", "Going to production"). */
const UNPROTECTED = [
  'Never lost: every added job is on disk (appendfsync always) and resumes after a crash. Redis rarely runs this way: with its usual everysec, a power cut loses the last second of jobs.',
  'Never twice: a worker killed after the POST leaves a stalled job. When its lock expires (30 s), another worker takes it and sends again. The same happens if the event loop is blocked for that long while the first worker still runs the job.',
  'Never twice: a missing reply (time-out, reset connection, HTTP 5xx) is an ordinary error, and the next of the 3 attempts sends again; nothing checks the provider’s sent messages.',
  'What it reports: a job that has stalled twice, or used up its attempts, is "failed", even if the SMS went out.',
  'Never twice, on the way in: a jobId is accepted once, but only while the job is kept (here 1,000 jobs or an hour after their end).',
  'Never exposed: number and text are in clear in Redis and its append-only file, even after the end of the job. The API key is not: the worker loads and decrypts it.',
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
    settings: `Redis of its own with appendonly yes and appendfsync always; one worker, concurrency ${CONCURRENCY}; ${JOB_OPTIONS.attempts} attempts, exponential backoff from 1 s; waitUntilFinished reports the end of a job.`,
    unprotected: UNPROTECTED,
    async send({ key, accountId, recipientPhone, message }) {
      const job = await queue.add(
        'send',
        { accountId, recipientPhone, message },
        { ...JOB_OPTIONS, jobId: key },
      );
      await job.waitUntilFinished(events, ANSWER_TIMEOUT_MS);
    },
    workerPids: () => [worker.process.pid],
    serverPids: () => [redis.pid()],
  };
}
