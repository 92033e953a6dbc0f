/**
 * The result of a call, or an error if it takes longer: what waits for an answer that got lost must
 * not wait for ever.
 *
 * @param what names the call in the error
 */
export async function within<T>(limitMs: number, what: string, call: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`No answer within ${limitMs / 1_000} s: ${what}.`));
    }, limitMs);
  });
  try {
    return await Promise.race([call(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
