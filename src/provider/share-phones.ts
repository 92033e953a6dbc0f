import type { PhonesReading, PhonesRequest } from '../domain/connected-phones.js';

type Read = (request: PhonesRequest) => Promise<PhonesReading>;

interface Kept {
  readonly reading: Promise<PhonesReading>;
  readonly beganAtMs: number;
}

/**
 * Shares readings of an account's phones: one begins at most every `everyMs` milliseconds, and
 * serves all who ask until then, also where it has failed.
 */
export function sharePhones(
  read: Read,
  { everyMs, nowMs = () => performance.now() }: { everyMs: number; nowMs?: () => number },
): Read {
  const kept = new Map<string, Kept>();
  return async ({ apiKey }) => {
    for (const [key, { beganAtMs }] of kept) if (nowMs() - beganAtMs >= everyMs) kept.delete(key);
    // Not for the signal of one who asks: others wait for the same reading, which ends by itself.
    const entry = kept.get(apiKey) ?? { reading: read({ apiKey }), beganAtMs: nowMs() };
    kept.set(apiKey, entry);
    return await entry.reading;
  };
}
