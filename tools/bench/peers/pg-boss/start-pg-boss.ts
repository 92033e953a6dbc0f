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
  'Never lost: a job that was added is in PostgreSQL, in a transaction of the caller’s if wanted. One that nobody has worked on for 14 days is archived without a word.',
  'Never twice: a worker that is killed after the POST leaves an active job; it expires 15 minutes after its start, is put back by the maintenance (every 2 minutes), and sent again.',
  'Never twice: that a job is completed is written after the handler without waiting for it: if the write fails, the job expires and is sent again.',
  'Never twice: a reply that does not come (time-out, reset connection, HTTP 5xx) is an error like any other, and the next of the 3 attempts sends again; nobody looks at the provider’s log.',
  'Never twice: a batch whose handler throws fails as a whole, and those of it that were sent are sent again; the handler here fails single jobs itself.',
  'What it says: a job that has used up its attempts is "failed", also where the SMS went out.',
  'Never twice, on the way in: with an id of the caller’s, a job is taken once, until it is archived (12 hours after its end).',
  'Never told: number and text are in clear in PostgreSQL, in its log of writes and its backups, until the archive is emptied (a week). The API key is not: it is loaded and decrypted in the worker.',
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
    settings: `${PEER_POSTGRES}; one process with ${WORKERS} workers, batchSize ${WORK_OPTIONS.batchSize}, pollingIntervalSeconds ${WORK_OPTIONS.pollingIntervalSeconds} (its minimum); 3 attempts (its default), exponential backoff from ${RETRY_OPTIONS.retryDelay} s; of a batch, the handler fails those jobs by itself that have failed. It tells nobody of the end of a job: the job table is asked for all jobs in flight with one query every ${WATCH_EVERY_MS} ms, which is part of what its server costs here.`,
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
