import { setTimeout as wait } from 'node:timers/promises';
import type { InboxStore } from '../db/policies/inbox-store.js';
import type { createLog } from '../observability/log.js';

/** How often the inboxes that should be read are looked for, in milliseconds. */
const EVERY_MS = 60 * 60_000;

/**
 * Starts the reading of each inbox that should be read and is not: at once, and every hour. It
 * would only be missing where somebody ended its run.
 */
export function watchInboxes({
  store,
  ensure,
  log,
}: {
  store: Pick<InboxStore, 'activeAccounts'>;
  ensure: (accountId: string) => Promise<void>;
  log: Pick<ReturnType<typeof createLog>, 'warn'>;
}): { stop(): Promise<void> } {
  const end = new AbortController();
  async function look(): Promise<void> {
    try {
      for (const accountId of await store.activeAccounts()) await ensure(accountId);
    } catch {
      log.warn('which inboxes are read could not be checked; the next check is in an hour');
    }
  }
  const watching = (async () => {
    while (!end.signal.aborted) {
      await look();
      await wait(EVERY_MS, undefined, { signal: end.signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      end.abort();
      await watching;
    },
  };
}
