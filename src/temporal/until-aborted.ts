import { AsyncLocalStorage } from 'node:async_hooks';

/** What ends the calls that are made in a scope. */
const scope = new AsyncLocalStorage<AbortSignal>();

/** What ends a call that is made now; undefined if nothing can. */
export function currentSignal(): AbortSignal | undefined {
  return scope.getStore();
}

/**
 * Does work that can be given up: once the signal is aborted, every call to Temporal that it waits
 * for, or would make, ends at once. Nothing listens to the signal any more when this returns.
 *
 * @throws the signal's reason
 */
export async function untilAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (signal === undefined) return await work();
  signal.throwIfAborted();
  let stopListening: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => {
      // As the platform's own functions do: it is the caller's.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    stopListening = () => {
      signal.removeEventListener('abort', onAbort);
    };
  });
  try {
    return await Promise.race([scope.run(signal, work), aborted]);
  } finally {
    stopListening();
  }
}

/** The same for each step of what comes one by one. */
export async function* eachUntilAborted<T>(
  signal: AbortSignal | undefined,
  items: AsyncIterable<T>,
): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await untilAborted(signal, () => iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not waited for: a step that was given up may be under way.
    iterator.return?.().catch(() => undefined);
  }
}
