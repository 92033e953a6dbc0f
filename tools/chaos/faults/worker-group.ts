import { setTimeout as wait } from 'node:timers/promises';
import type { GuardedProcess } from '../../servers/guarded-process.js';
import { HopelessError, waitUntil } from '../../servers/wait-until.js';

/**
 * One place in a deployment: a worker process that is started again whenever it ends, as a
 * supervisor does.
 */
export interface WorkerGroup {
  /** SIGKILL; a new one starts after `downMs`. */
  kill(downMs: number): Promise<void>;
  /** Starts a new one, then lets the old one drain by SIGTERM. */
  deploy(): Promise<void>;
  /** SIGSTOP, and SIGCONT after `forMs`. */
  freeze(forMs: number): Promise<void>;
  /** Resolves once a process takes work and nothing more is to be done to it. */
  reconciled(): Promise<void>;
  /** How many ended without being asked to. */
  readonly diedByThemselves: () => number;
  /** Ends it at once, frozen or not, and starts no other. */
  close(): Promise<void>;
}

/** A worker needs the broker to start, and that may be away. */
const START_WITHIN_MS = 5 * 60_000;

/** Longer than a worker may take to let a request finish. */
const DRAIN_MS = 70_000;

/** Starts the first process of a group. */
export async function startWorkerGroup(startWorker: () => Promise<GuardedProcess>): Promise<WorkerGroup> {
  const state = { closing: false, died: 0 };
  const alive = new Set<GuardedProcess>();
  const expectedToEnd = new WeakSet<GuardedProcess>();
  let current = await launch();
  /** One thing after the other happens to a group. */
  let last: Promise<void> = Promise.resolve();

  async function launch(): Promise<GuardedProcess> {
    const started = await startWorker();
    alive.add(started);
    void started.ended.then(() => {
      alive.delete(started);
      if (state.closing || expectedToEnd.has(started)) return;
      state.died += 1;
      void enqueue(async () => {
        if (current === started) current = await launchUntilUp();
      }).catch(() => undefined);
    });
    if (state.closing) await started.stop('SIGKILL');
    return started;
  }

  const launchUntilUp = () =>
    waitUntil(
      'a worker to start again',
      async () => {
        if (state.closing) throw new HopelessError('The run is ending.');
        try {
          return await launch();
        } catch (cause) {
          // A worker that ends at once because the broker is down does not justify giving up.
          throw new Error('The worker did not start.', { cause });
        }
      },
      { timeoutMs: START_WITHIN_MS, everyMs: 500 },
    );

  function enqueue(work: () => Promise<void>): Promise<void> {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  }

  async function end(worker: GuardedProcess, signal: NodeJS.Signals): Promise<void> {
    expectedToEnd.add(worker);
    await worker.stop(signal, DRAIN_MS);
  }

  return {
    kill: (downMs) =>
      enqueue(async () => {
        await end(current, 'SIGKILL');
        await wait(downMs);
        current = await launchUntilUp();
      }),
    deploy: () =>
      enqueue(async () => {
        const old = current;
        current = await launchUntilUp();
        await end(old, 'SIGTERM');
      }),
    freeze: (forMs) =>
      enqueue(async () => {
        const { child } = current;
        child.kill('SIGSTOP');
        try {
          await wait(forMs);
        } finally {
          child.kill('SIGCONT');
        }
      }),
    reconciled: () => enqueue(() => Promise.resolve()),
    diedByThemselves: () => state.died,
    async close() {
      state.closing = true;
      await Promise.all([...alive].map((worker) => end(worker, 'SIGKILL')));
    },
  };
}
