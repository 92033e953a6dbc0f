import { setTimeout as wait } from 'node:timers/promises';
import type { InboxStore } from '../db/policies/inbox-store.js';
import type { createLog } from '../observability/log.js';

/** How often the inboxes that should be read are looked for, in milliseconds. */
const EVERY_MS = 60 * 60_000;

/** The same after a look that failed. */
const AGAIN_AFTER_MS = 60_000;

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
  /** Answers when to look again, in milliseconds. */
  async function look(): Promise<number> {
    let failed = 0;
    try {
      for (const accountId of await store.activeAccounts()) {
        await ensure(accountId).catch(() => failed++);
      }
    } catch {
      failed++;
    }
    if (failed > 0)
      log.warn('whether every inbox is read could not be checked; the next check is in a minute');
    return failed === 0 ? EVERY_MS : AGAIN_AFTER_MS;
  }
  const watching = (async () => {
    while (!end.signal.aborted) {
      const pauseMs = await look();
      await wait(pauseMs, undefined, { signal: end.signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      end.abort();
      await watching;
    },
  };
}
