import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'pg';
import type { PendingSends } from '../pending-sends.js';
import { QUEUE_NAME } from './queue.js';

/** How often the job table is asked, in milliseconds. */
export const WATCH_EVERY_MS = 50;

interface EndedJob {
  readonly id: string;
  readonly state: 'completed' | 'cancelled' | 'failed';
}

const SELECT_ENDED = `
  SELECT id, state FROM pgboss.job
  WHERE name = $1 AND id = ANY($2::uuid[]) AND state IN ('completed', 'cancelled', 'failed')`;

/**
 * Asks the job table about all jobs in flight with one query at a time, and settles those that have
 * ended, until closed.
 */
export function watchJobs(databaseUrl: string, pending: PendingSends): { close: () => Promise<void> } {
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  pool.on('error', () => undefined);
  const closing = new AbortController();
  const watching = (async () => {
    while (!closing.signal.aborted) {
      const ids = pending.ids();
      if (ids.length > 0) {
        const { rows } = await pool.query<EndedJob>(SELECT_ENDED, [QUEUE_NAME, ids]);
        for (const { id, state } of rows) {
          pending.settle(id, state === 'completed' ? undefined : `pg-boss: the job is ${state}`);
        }
      }
      await wait(WATCH_EVERY_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })().catch((error: unknown) => {
    pending.failAll(`pg-boss: the job table cannot be read: ${String(error)}`);
  });
  return {
    async close() {
      closing.abort();
      await watching;
      await pool.end();
    },
  };
}
