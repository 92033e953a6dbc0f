import { setTimeout as wait } from 'node:timers/promises';
import { type StartedSend } from '../support/started-sends.js';
import { startWorker, type RunningWorker } from '../support/worker-environment.js';

/** Sends that go on until they are stopped. */
export interface Load {
  /** All that were started, with when, epoch milliseconds. */
  readonly sends: readonly (StartedSend & { readonly atMs: number })[];
  /** Ends the load; rejects with the first failure of a send's start. */
  readonly stop: () => Promise<void>;
}

/** Keeps so many sends under way at once; a lane rests for `pauseMs` after each. */
export function startLoad(
  send: () => Promise<StartedSend & { end: () => Promise<unknown> }>,
  { lanes, pauseMs }: { lanes: number; pauseMs: number },
): Load {
  const sends: (StartedSend & { atMs: number })[] = [];
  const stop = new AbortController();
  const lane = async () => {
    while (!stop.signal.aborted) {
      const atMs = Date.now();
      const { job, workflowId, end } = await send();
      sends.push({ job, workflowId, atMs });
      await end();
      await wait(pauseMs);
    }
  };
  const running = Promise.all(Array.from({ length: lanes }, lane));
  // Looked at when the load is stopped.
  running.catch(() => undefined);
  return {
    sends,
    async stop() {
      stop.abort();
      await running;
    },
  };
}

/** Workers that are replaced one after the other, as a deploy does it. */
export interface Fleet {
  /** Each worker goes when its successor polls; the first time, they are only started. */
  readonly roll: (environment: Record<string, string>) => Promise<void>;
  readonly outputs: () => string;
  readonly close: () => Promise<void>;
}

/** A fleet of so many workers. */
export function createFleet(size: number): Fleet {
  const all: RunningWorker[] = [];
  let current: (RunningWorker | undefined)[] = Array.from({ length: size }, () => undefined);
  return {
    async roll(environment) {
      const next: RunningWorker[] = [];
      for (const leaving of current) {
        const worker = await startWorker(environment);
        all.push(worker);
        next.push(worker);
        await leaving?.stop();
      }
      current = next;
    },
    outputs: () => all.map((worker) => worker.output()).join(''),
    async close() {
      await Promise.all(all.map((worker) => worker.process.stop('SIGKILL')));
    },
  };
}
