/**
 * Runs a reading that ends with the caller's signal or after a time; never throws.
 *
 * @param limits.totalTimeoutMs in milliseconds
 * @param outcomes what came of it if the caller ended it, and if it failed unexpectedly
 */
export async function withinLimits<Outcome>(
  limits: { readonly signal: AbortSignal | undefined; readonly totalTimeoutMs: number },
  read: (end: AbortSignal) => Promise<Outcome>,
  outcomes: { readonly aborted: Outcome; readonly failed: Outcome },
): Promise<Outcome> {
  const { signal, totalTimeoutMs } = limits;
  const isAborted = () => signal?.aborted === true;
  const end = new AbortController();
  const stop = () => {
    end.abort();
  };
  const timer = setTimeout(stop, totalTimeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    if (isAborted()) return outcomes.aborted;
    const outcome = await read(end.signal);
    return isAborted() ? outcomes.aborted : outcome;
  } catch {
    // Nothing is expected here, and the error may quote the list.
    return outcomes.failed;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}
