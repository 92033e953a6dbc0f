import { askTemporal } from './ask-temporal.js';
import { readRetentionMs, type NamespaceConnection } from './read-retention.js';
import type { TemporalClient } from './runs-options.js';

/** The part of a Temporal client that describes its namespace. */
export type NamespaceClient = NamespaceConnection & {
  readonly options: Pick<TemporalClient['options'], 'namespace'>;
};

/** An answer is good for ten minutes, in milliseconds. */
const CACHE_TTL_MS = 10 * 60_000;

/** Taken off the retention, in milliseconds: clocks differ, and a list takes its time. */
const MARGIN_MS = 60 * 60_000;

/**
 * Makes the check that the namespace still keeps all runs that were closed since a time (epoch
 * milliseconds).
 *
 * The check throws an Error if such a run may be gone, or Temporal does not say.
 */
export function createRetentionCheck(
  client: NamespaceClient,
  now: () => number,
): (sinceMs: number) => Promise<void> {
  let known: { readonly retentionMs: number; readonly askedAtMs: number } | undefined;

  async function ask(): Promise<number> {
    const retentionMs = await askTemporal('describe the namespace', () =>
      readRetentionMs(client, client.options.namespace),
    );
    if (retentionMs === 0) throw new Error('Temporal did not report how long it keeps closed runs.');
    return retentionMs;
  }

  return async (sinceMs) => {
    if (known === undefined || Math.abs(now() - known.askedAtMs) > CACHE_TTL_MS) {
      known = { askedAtMs: now(), retentionMs: await ask() };
    }
    const isKept = now() - sinceMs <= known.retentionMs - MARGIN_MS;
    if (!isKept) {
      throw new Error('Runs that may own a message are older than the retention of the namespace.');
    }
  };
}
