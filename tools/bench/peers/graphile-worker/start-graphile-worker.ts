import { fileURLToPath } from 'node:url';
import { makeWorkerUtils } from 'graphile-worker';
import type { BenchParts } from '../../parts.js';
import type { PeerSystem } from '../peer-system.js';
import { createPendingSends } from '../pending-sends.js';
import { readPackageVersion } from '../read-package-version.js';
import { PEER_POSTGRES, startPeerPostgres } from '../start-peer-postgres.js';
import { startPeerWorker } from '../start-peer-worker.js';
import { readLines } from './read-lines.js';
import { BATCH_DELAY_MS, CONCURRENT_JOBS, MAX_ATTEMPTS, TASK_NAME, type JobEnd } from './task.js';

/** From its source: sql/getJobs.js, sql/resetLockedAt.js, worker.js, main.js; and worker.graphile.org ("Performance"). */
const UNPROTECTED = [
  'Never lost: a job that was added is in PostgreSQL, in a transaction of the caller’s if wanted. One whose worker was killed is locked for 4 hours before it goes on.',
  'Never twice: a worker that is killed after the POST leaves a locked job, which is sent again after those 4 hours. Batching, as its documentation recommends, makes that window longer by the time for which ends are collected.',
  'Never twice: a reply that does not come (time-out, reset connection, HTTP 5xx) is an error like any other, and the next attempt sends again; nobody looks at the provider’s log.',
  'What it says: a job that is done is deleted, and nothing says any more that it was sent; one that has used up its attempts stays in the table, also where the SMS went out.',
  'Never twice, on the way in: a job key replaces a job that has not begun; once it has, the same key is another job, which is sent as well.',
  'Never told: number and text are in clear in PostgreSQL, in its log of writes and its backups, until the job is done. The API key is not: it is loaded and decrypted in the worker.',
];

/** Starts Graphile Worker on a PostgreSQL of its own. */
export async function startGraphileWorker(parts: BenchParts): Promise<PeerSystem> {
  const postgres = await startPeerPostgres(parts, 'graphile-worker');
  const utils = await makeWorkerUtils({ connectionString: postgres.url });
  parts.cleanUp.add(() => utils.release());
  await utils.migrate();
  const pending = createPendingSends();
  const worker = await startPeerWorker(parts, {
    script: fileURLToPath(new URL('./worker.ts', import.meta.url)),
    storeUrl: postgres.url,
    onOutput: readLines((line) => {
      if (!line.startsWith('{"ended":')) return;
      const { ended, reason } = JSON.parse(line) as JobEnd;
      pending.settle(ended, reason);
    }),
  });
  void worker.process.ended.then(() => {
    pending.failAll('Graphile Worker: the worker has ended');
  });
  return {
    name: 'graphileWorker',
    label: 'Graphile Worker',
    version: await readPackageVersion('graphile-worker'),
    settings: `${PEER_POSTGRES}; one worker, concurrentJobs ${CONCURRENT_JOBS}, maxPoolSize ${CONCURRENT_JOBS + 2}, localQueue ${CONCURRENT_JOBS + 1}, completeJobBatchDelay and failJobBatchDelay ${BATCH_DELAY_MS} ms; ${MAX_ATTEMPTS} attempts (its default: 25). The end of a job is its event job:complete, which comes before that end is written: its time to the end is without that write.`,
    unprotected: UNPROTECTED,
    async send({ key, accountId, recipientPhone, message }) {
      const ended = pending.wait(key);
      const payload = { accountId, recipientPhone, message };
      await utils.addJob(TASK_NAME, payload, { jobKey: key, maxAttempts: MAX_ATTEMPTS });
      await ended;
    },
    workerPids: () => [worker.process.pid],
    serverPids: () => [postgres.pid()],
  };
}
