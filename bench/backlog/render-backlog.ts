import Table from 'cli-table3';
import { formatElapsed } from '../../src/dev/progress.js';
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
      'messages too many',
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
  return table.toString();
}
