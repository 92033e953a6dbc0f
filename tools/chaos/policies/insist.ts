import { setTimeout as wait } from 'node:timers/promises';

const AGAIN_AFTER_MS = 500;

/** Repeats a call until it succeeds, as who makes it does while a server is away. */
export async function insist<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted) throw error;
      await wait(AGAIN_AFTER_MS, undefined, { signal });
    }
  }
}
