import { setTimeout as wait } from 'node:timers/promises';

/** What one window of load has shown. */
export interface Window {
  /** Sends that were done within the window. */
  readonly completed: number;
  readonly elapsedMs: number;
  /**
   * Of each of them, from its start to its end, also where it began before the window; in
   * milliseconds.
   */
  readonly latenciesMs: readonly number[];
}

/** The load of a window. */
export interface Load {
  /** How many sends are under way at any time. */
  readonly inFlight: number;
  readonly windowMs: number;
  /**
   * The window opens once that many sends are done, so that each place in flight was taken anew at
   * least once.
   */
  readonly warmUpSends: number;
}

/**
 * Keeps a number of sends under way, each place taken anew as soon as its send is done, and counts
 * what is done within a window. Waits for the last of them.
 *
 * @param atEdge is called when the window opens and when it closes
 * @throws the first error of a send
 */
export async function runClosedLoop(options: {
  load: Load;
  send: () => Promise<void>;
  signal: AbortSignal;
  atEdge?: () => void;
}): Promise<Window> {
  const { load, send, signal, atEdge } = options;
  const latenciesMs: number[] = [];
  const state = { done: 0, openedAtMs: Number.NaN, closed: false };
  const ending = new AbortController();
  const closing = AbortSignal.any([ending.signal, signal]);
  let elapsedMs = 0;

  const place = async () => {
    while (!closing.aborted) {
      const startedAtMs = performance.now();
      await send();
      state.done += 1;
      if (!Number.isNaN(state.openedAtMs) && !state.closed) latenciesMs.push(performance.now() - startedAtMs);
      if (Number.isNaN(state.openedAtMs) && state.done >= load.warmUpSends) open();
    }
  };
  const open = () => {
    atEdge?.();
    state.openedAtMs = performance.now();
    wait(load.windowMs, undefined, { signal: closing })
      .catch(() => undefined)
      .finally(() => {
        elapsedMs = performance.now() - state.openedAtMs;
        state.closed = true;
        atEdge?.();
        ending.abort();
      });
  };
  if (load.warmUpSends === 0) open();
  try {
    await Promise.all(Array.from({ length: load.inFlight }, place));
  } finally {
    ending.abort();
  }
  return { completed: latenciesMs.length, elapsedMs, latenciesMs };
}
