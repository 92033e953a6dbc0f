import type { RunsPort } from '../activities/ports.js';
import { isSameOwner } from '../domain/run-owner.js';
import type { OwningRun } from '../domain/run-owner.js';
import type { RunsOptions } from './runs-options.js';
import { createDecodeFirst } from './decode-first.js';
import { askTemporal } from './ask-temporal.js';
import { findHistory } from './history-events.js';
import { listRuns } from './list-runs.js';
import { mapConcurrently } from '../domain/map-concurrently.js';
import { readOwningRun } from './read-owning-run.js';
import { createRetentionCheck } from './retention-check.js';

/**
 * How far Temporal's clock and the one that `sinceMs` was read from may differ, in milliseconds.
 */
const CLOSED_BEFORE_MS = 15 * 60_000;

const DEFAULT_PAGE_SIZE = 100;

/** Histories that are read at once. */
const CONCURRENT_READS = 5;

/**
 * Makes {@link RunsPort.listOwningRuns}: finds runs through visibility, which lags and may be
 * wrong, and reads what counts from each run's own history. The runs of the caller's own owner are
 * among them.
 */
export function createOwningRuns(options: RunsOptions): Pick<RunsPort, 'listOwningRuns'> {
  const { client, recipientKeys, pageSize = DEFAULT_PAGE_SIZE, now = Date.now } = options;
  const assertKept = createRetentionCheck(client, now);
  const decodeFirst = createDecodeFirst(client.options.loadedDataConverter, client.options.namespace);
  return {
    async listOwningRuns({ accountId, recipientPhone, sinceMs, self }) {
      await assertKept(sinceMs);
      const runs = await listRuns(client, {
        accountId,
        recipientKeys: recipientKeys(recipientPhone),
        closedSinceMs: sinceMs - CLOSED_BEFORE_MS,
        pageSize,
      });
      const read = await mapConcurrently(runs, CONCURRENT_READS, async (run) => {
        const events = await askTemporal('read the history of a run', () => findHistory(client, run));
        return events && (await readOwningRun(run.workflowId, events, decodeFirst));
      });
      const owners = mergeByOwner(read.filter((run) => run !== undefined));
      // It was started long before: if it is not listed, neither are the others.
      if (self !== undefined && !owners.some(({ owner }) => isSameOwner(owner, self))) {
        throw new Error(
          'Temporal does not list the calling run: check that client and worker have the same payload keys.',
        );
      }
      return owners;
    },
  };
}

/** A run and its resets own what any of them owns. */
function mergeByOwner(runs: readonly OwningRun[]): OwningRun[] {
  const merged = new Map<string, OwningRun>();
  for (const run of runs) {
    const key = JSON.stringify([run.owner.workflowId, run.owner.originalRunId]);
    const other = merged.get(key);
    merged.set(key, other === undefined ? run : merge(other, run));
  }
  return [...merged.values()];
}

function unite(one: readonly string[], other: readonly string[]): readonly string[] {
  return [...new Set([...one, ...other])];
}

function merge(one: OwningRun, other: OwningRun): OwningRun {
  const failed = unite(one.failedMessageIds ?? [], other.failedMessageIds ?? []);
  return {
    owner: one.owner,
    text: one.text ?? other.text,
    messageIds: unite(one.messageIds, other.messageIds),
    ...(failed.length === 0 ? {} : { failedMessageIds: failed }),
    requestOut: one.requestOut || other.requestOut,
  };
}
