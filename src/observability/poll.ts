import { setTimeout as wait } from 'node:timers/promises';

/** Asks something from time to time. */
export interface Poll {
  /** Ends the asking. */
  stop(): Promise<void>;
}

/**
 * Starts to ask, at once and then every `intervalMs`. A question that fails is left out: what it
 * would have set keeps its value, and the time of it, which shows that it is old.
 */
export function startPoll(intervalMs: number, ask: () => Promise<void>): Poll {
  const end = new AbortController();
  const asking = (async () => {
    while (!end.signal.aborted) {
      await ask().catch(() => undefined);
      await wait(intervalMs, undefined, { signal: end.signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      end.abort();
      await asking;
    },
  };
}
