import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import PgBoss from 'pg-boss';
import type { BenchParts } from '../../parts.js';
import type { PeerSystem } from '../peer-system.js';
import { createPendingSends } from '../pending-sends.js';
import { readPackageVersion } from '../read-package-version.js';
import { PEER_POSTGRES, startPeerPostgres } from '../start-peer-postgres.js';
import { startPeerWorker } from '../start-peer-worker.js';
import { QUEUE_NAME, RETRY_OPTIONS, WORK_OPTIONS, WORKERS } from './queue.js';
import { WATCH_EVERY_MS, watchJobs } from './watch-jobs.js';

/** From its source: manager.js, plans.js, index.js. */
const UNPROTECTED = [
  'Never lost: PostgreSQL holds every added job, within the caller’s transaction on request. A job that no worker has taken for 14 days is archived silently.',
  'Never twice: a worker killed after the POST leaves an active job. It expires 15 minutes after its start, the maintenance (every 2 minutes) requeues it, and it is sent again.',
  'Never twice: the completion of a job is written after the handler, without waiting for the write. If the write fails, the job expires and is sent again.',
  'Never twice: a missing reply (time-out, reset connection, HTTP 5xx) is an ordinary error, and the next of the 3 attempts sends again; nothing checks the provider’s sent messages.',
  'Never twice: a batch whose handler throws fails as a whole, and its sent jobs are sent again. The handler here fails single jobs itself.',
  'What it reports: a job that has used up its attempts is "failed", even if the SMS went out.',
  'Never twice, on the way in: with an id from the caller, a job is accepted once, until it is archived (12 hours after its end).',
  'Never exposed: number and text are in clear in PostgreSQL, its write-ahead log and its backups until the archive is emptied (a week). The API key is not: the worker loads and decrypts it.',
];

/** Starts pg-boss on a PostgreSQL of its own. */
export async function startPgBoss(parts: BenchParts): Promise<PeerSystem> {
  const postgres = await startPeerPostgres(parts, 'pg-boss');
  // As an app does that only adds jobs: the worker sees to the maintenance.
  const boss = new PgBoss({ connectionString: postgres.url, supervise: false, schedule: false });
  boss.on('error', () => undefined);
  await boss.start();
  parts.cleanUp.add(() => boss.stop({ graceful: false }));
  await boss.createQueue(QUEUE_NAME, { name: QUEUE_NAME, ...RETRY_OPTIONS });
  const pending = createPendingSends();
  parts.cleanUp.add(watchJobs(postgres.url, pending).close);

  const script = fileURLToPath(new URL('./worker.ts', import.meta.url));
  const worker = await startPeerWorker(parts, { script, storeUrl: postgres.url });
  void worker.process.ended.then(() => {
    pending.failAll('pg-boss: the worker has ended');
  });
  return {
    name: 'pgBoss',
    label: 'pg-boss',
    version: await readPackageVersion('pg-boss'),
    settings: `${PEER_POSTGRES}; one process with ${WORKERS} workers, batchSize ${WORK_OPTIONS.batchSize}, pollingIntervalSeconds ${WORK_OPTIONS.pollingIntervalSeconds} (its minimum); 3 attempts (its default), exponential backoff from ${RETRY_OPTIONS.retryDelay} s; the handler fails the failed jobs of a batch itself. It does not report the end of a job: one query every ${WATCH_EVERY_MS} ms reads all jobs in flight from the job table, which adds to its server cost here.`,
    unprotected: UNPROTECTED,
    async send({ accountId, recipientPhone, message }) {
      const id = randomUUID();
      const ended = pending.wait(id);
      await boss.send(QUEUE_NAME, { accountId, recipientPhone, message }, { id });
      await ended;
    },
    workerPids: () => [worker.process.pid],
    serverPids: () => [postgres.pid()],
  };
}
