import Table from 'cli-table3';
import { formatElapsed } from '../../servers/progress.js';
import type { Drain } from './drain-backlog.js';

const MIB = 2 ** 20;

/** The drained backlogs as a table for the terminal. */
export function renderBacklog(drains: readonly Drain[]): string {
  const table = new Table({
    head: [
      'workers',
      'sends',
      'took',
      'sends/s',
      'small account ended at places',
      'not completed',
      'surplus messages',
      'peak RSS of a worker',
    ],
    style: { head: [], border: [] },
  });
  for (const drain of drains) {
    const { first, last, sends } = drain.smallAccountPlaces;
    table.push([
      drain.workers,
      drain.sends,
      formatElapsed(drain.tookMs),
      drain.sendsPerSecond.toFixed(1),
      `${first} to ${last} (${sends} sends)`,
      drain.notCompleted,
      drain.surplusMessages,
      `${Math.round(Math.max(...drain.peakRssBytes) / MIB)} MiB`,
    ]);
  }
  return `${table.toString()}\n${drains.map(describePostgres).join('\n')}`;
}

function describePostgres({ workers, postgresPerSend }: Drain): string {
  const { diskBytes, walBytes, commits } = postgresPerSend;
  const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
  return `  Temporal's PostgreSQL, for each send (workers: ${workers}): ${kib(diskBytes)} on disk, ${kib(walBytes)} of write-ahead log, ${commits.toFixed(0)} transactions`;
}
