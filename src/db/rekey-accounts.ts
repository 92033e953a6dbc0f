import { mapConcurrently } from '../domain/map-concurrently.js';
import { STORED_KEYS_CONNECTIONS, type StoredKey, type StoredKeys } from './stored-keys.js';

/**
 * What is to become of a stored key: it is under the new key, goes under it as `next`, or opens
 * with no key at hand.
 */
export type Rekeyed =
  | { readonly kind: 'current' }
  | { readonly kind: 'old'; readonly next: string }
  | { readonly kind: 'unreadable' };

/** What a pass over the accounts has found and done so far. */
export interface RekeyCounts {
  /** Accounts looked at: the sum of all others. */
  readonly seen: number;
  /** Re-encrypted in this pass. */
  readonly changed: number;
  /** Under the new key before. */
  readonly current: number;
  /**
   * Under the old key, and left so: a pass that writes nothing, or the row was locked or changed
   * each time.
   */
  readonly old: number;
  /** Open with neither key. */
  readonly unreadable: number;
  /** Lost their key, or were removed, during the pass. */
  readonly gone: number;
}

/** An account that was left as it is. */
export interface LeftAccount {
  readonly accountId: string;
  readonly problem: 'old' | 'unreadable';
}

/** How often a row is tried that others lock or change at the same time. */
const MAX_TRIES = 3;

/**
 * Goes through all accounts that have a key, by id, a batch in memory at a time, and puts each old
 * one under the new key.
 *
 * Each row is a transaction of its own that replaces exactly the value that was read: a change by
 * the web app is never overwritten, no lock outlasts a statement, no deadlock can arise, and a pass
 * that was killed at any time is resumed by starting it again. Without `write` it only counts.
 *
 * @throws SmsError DATABASE_UNAVAILABLE
 */
export async function rekeyAccounts(
  keys: Pick<StoredKeys, 'list' | 'find' | 'replace'>,
  options: {
    /** Decides about one stored value; anything that it throws ends the pass. */
    rekey: (stored: string) => Rekeyed;
    write: boolean;
    batchSize: number;
    /** Ends the pass after the rows that are under way. */
    signal: AbortSignal;
    onBatch?: (counts: RekeyCounts) => void;
    onLeft?: (left: LeftAccount) => void;
  },
): Promise<RekeyCounts> {
  const { batchSize, signal } = options;
  const counts = { seen: 0, changed: 0, current: 0, old: 0, unreadable: 0, gone: 0 };
  let after: string | undefined;
  for (;;) {
    const batch = await keys.list({ after, limit: batchSize });
    const look = async (row: StoredKey) => {
      const outcome = await rekeyRow(keys, row, options);
      counts.seen++;
      counts[outcome]++;
      if (outcome === 'old' || outcome === 'unreadable') {
        options.onLeft?.({ accountId: row.accountId, problem: outcome });
      }
    };
    await mapConcurrently(batch, STORED_KEYS_CONNECTIONS, look, signal);
    options.onBatch?.({ ...counts });
    after = batch.at(-1)?.accountId;
    if (after === undefined || batch.length < batchSize || signal.aborted) return counts;
  }
}

async function rekeyRow(
  keys: Pick<StoredKeys, 'find' | 'replace'>,
  { accountId, stored }: StoredKey,
  { rekey, write }: { rekey: (stored: string) => Rekeyed; write: boolean },
): Promise<Exclude<keyof RekeyCounts, 'seen'>> {
  let now: string | undefined = stored;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (now === undefined) return 'gone';
    const rekeyed = rekey(now);
    if (rekeyed.kind !== 'old') return rekeyed.kind;
    if (!write) return 'old';
    const replacement = await keys.replace({ accountId, stored: now, next: rekeyed.next });
    if (replacement === 'replaced') return 'changed';
    now = await keys.find(accountId);
  }
  return 'old';
}
