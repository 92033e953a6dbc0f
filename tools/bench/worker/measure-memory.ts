import { sendMany } from '../load/send-many.js';
import { readRss } from '../measure/process-usage.js';
import { median } from '../report/median.js';
import type { BenchJob, BenchSystem } from '../system.js';

/** How a worker's memory went over many sends. */
export interface MemoryCourse {
  readonly sends: number;
  /** The resident set at each hundredth of the sends, in bytes. */
  readonly rssBytes: readonly number[];
  /** The median of each quarter, in bytes. */
  readonly quarters: readonly number[];
  /** The last quarter to the second: the first is warming up. */
  readonly lastToSecond: number | undefined;
}

/** Sends this many messages, some at a time, and reads the worker's memory on the way. */
export async function measureMemory(options: {
  system: BenchSystem;
  sends: number;
  inFlight: number;
  nextJob: () => BenchJob;
  onSend: (done: number) => void;
}): Promise<MemoryCourse> {
  const { system, sends, inFlight, nextJob, onSend } = options;
  const [pid = 0] = system.workerPids();
  const rssBytes: number[] = [];
  const every = Math.max(1, Math.floor(sends / 100));
  await sendMany({
    sends,
    inFlight,
    nextJob,
    send: system.send,
    onSend(done) {
      if (done % every === 0) rssBytes.push(readRss(pid) ?? Number.NaN);
      onSend(done);
    },
  });
  return summarizeMemory(sends, rssBytes);
}

/** Takes the readings together by quarters. */
export function summarizeMemory(sends: number, rssBytes: readonly number[]): MemoryCourse {
  const quarters = [0, 1, 2, 3].map((quarter) => {
    const from = Math.floor((rssBytes.length * quarter) / 4);
    const to = Math.floor((rssBytes.length * (quarter + 1)) / 4);
    return median(rssBytes.slice(from, to)) ?? Number.NaN;
  });
  const [, second, , last] = quarters;
  const lastToSecond = second !== undefined && last !== undefined ? last / second : Number.NaN;
  return {
    sends,
    rssBytes,
    quarters,
    lastToSecond: Number.isFinite(lastToSecond) ? lastToSecond : undefined,
  };
}
