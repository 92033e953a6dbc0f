import { setTimeout as wait } from 'node:timers/promises';

/**
 * How long to wait for something that is expected to happen; generous, as machines are slow and
 * shared.
 */
export const DEFAULT_TIMEOUT_MS = 60_000;

/** What a probe throws when there is nothing left to wait for. */
export class HopelessError extends Error {
  override readonly name = 'HopelessError';
}

/**
 * Waits until `probe` returns something else than undefined or false.
 *
 * @param probe may throw while the condition does not hold yet
 * @throws HopelessError of the probe at once; Error that names `what` and the last error, after
 *   `timeoutMs`
 */
export async function waitUntil<T>(
  what: string,
  probe: () => T | Promise<T>,
  { timeoutMs = DEFAULT_TIMEOUT_MS, everyMs = 50 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
      lastError = undefined;
    } catch (error) {
      if (error instanceof HopelessError) throw error;
      lastError = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`Timed out after ${timeoutMs / 1000} s, waiting for: ${what}.`, { cause: lastError });
    }
    await wait(everyMs);
  }
}
