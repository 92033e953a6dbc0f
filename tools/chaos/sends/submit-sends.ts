import { setTimeout as wait } from 'node:timers/promises';
import type { PlannedSend } from '../plan/planned-send.js';
import type { SystemUnderFire } from '../system.js';

/** Jobs as a web app starts them. */
export interface Submission {
  /** When each was requested first, in epoch milliseconds, by key; only jobs that were taken. */
  readonly taken: ReadonlyMap<string, number>;
  /** Resolves when every job was taken and every planned cancellation was requested. */
  readonly done: Promise<void>;
}

/** How many requests of the web app are open at once. */
const OPEN_REQUESTS = 15;

/** A web app tries again after this long, in milliseconds. */
const RETRY_AFTER_MS = 500;

/**
 * Starts the jobs at their time, counted from `startedAtMs`; what is not taken is tried again under
 * the same key.
 */
export function submitSends(options: {
  sends: readonly PlannedSend[];
  system: Pick<SystemUnderFire, 'submit' | 'cancel'>;
  startedAtMs: number;
  signal: AbortSignal;
}): Submission {
  const { sends, system, startedAtMs, signal } = options;
  const taken = new Map<string, number>();
  const requests = createTurnstile(OPEN_REQUESTS);

  async function insist(call: () => Promise<boolean>): Promise<void> {
    while (!(await requests.pass(call))) await wait(RETRY_AFTER_MS, undefined, { signal });
  }

  async function submit(send: PlannedSend): Promise<void> {
    await wait(Math.max(0, startedAtMs + send.atMs - Date.now()), undefined, { signal });
    const askedAtMs = Date.now();
    const servers = send.startedTwice ? ([0, 1] as const) : ([0] as const);
    await Promise.all(servers.map((server) => insist(() => system.submit(send, server))));
    taken.set(send.key, askedAtMs);
    if (send.cancelAfterMs === undefined) return;
    await wait(Math.max(0, askedAtMs + send.cancelAfterMs - Date.now()), undefined, { signal });
    await insist(() => system.cancel(send));
  }

  return { taken, done: Promise.all(sends.map(submit)).then(() => undefined) };
}

/** Lets this many through at once; the others wait in line. */
function createTurnstile(places: number) {
  const line: (() => void)[] = [];
  let inside = 0;
  return {
    async pass<T>(work: () => Promise<T>): Promise<T> {
      if (inside >= places) await new Promise<void>((resolve) => line.push(resolve));
      else inside += 1;
      try {
        return await work();
      } finally {
        const next = line.shift();
        if (next === undefined) inside -= 1;
        else next();
      }
    },
  };
}
