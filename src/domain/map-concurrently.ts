/**
 * Maps the items in their order, at most `limit` at once.
 *
 * After the first failure or an abort it begins no more. It throws the first failure once the items
 * under way have ended; after an abort, what was not begun has no result.
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  map: (item: T) => Promise<R>,
  signal?: AbortSignal,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  // All lanes take from the same iterator.
  const rest = items.entries();
  const lane = async () => {
    for (const [index, item] of rest) {
      if (failures.length > 0 || signal?.aborted === true) return;
      try {
        results[index] = await map(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
}
