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

/**
 * From its source: sql/getJobs.js, sql/resetLockedAt.js, worker.js, main.js; and
 * worker.graphile.org ("Performance").
 */
const UNPROTECTED = [
  'Never lost: PostgreSQL holds every added job, within the caller’s transaction on request. A job whose worker was killed stays locked for 4 hours before it continues.',
  'Never twice: a worker killed after the POST leaves a locked job, which is sent again after those 4 hours. Batching, which its documentation recommends, extends that window by the time for which completions are collected.',
  'Never twice: a missing reply (time-out, reset connection, HTTP 5xx) is an ordinary error, and the next attempt sends again; nothing checks the provider’s sent messages.',
  'What it reports: a completed job is deleted, and no record remains that it was sent. A job that has used up its attempts stays in the table, even if the SMS went out.',
  'Never twice, on the way in: a job key replaces a job that has not begun. Once it has, the same key adds another job, which is sent too.',
  'Never exposed: number and text are in clear in PostgreSQL, its write-ahead log and its backups until the job is done. The API key is not: the worker loads and decrypts it.',
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
    settings: `${PEER_POSTGRES}; one worker, concurrentJobs ${CONCURRENT_JOBS}, maxPoolSize ${CONCURRENT_JOBS + 2}, localQueue ${CONCURRENT_JOBS + 1}, completeJobBatchDelay and failJobBatchDelay ${BATCH_DELAY_MS} ms; ${MAX_ATTEMPTS} attempts (its default: 25). The end of a job is its event job:complete, which precedes the write of that end: the measured time excludes that write.`,
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
