import type { Client } from '@temporalio/client';
import { WORKFLOW_TYPE } from '../../../src/domain/names.js';
import type { PostgresUsage } from '../measure/read-postgres.js';
import { waitUntil } from '../../servers/wait-until.js';

/** How a backlog was drained. */
export interface Drain {
  readonly sends: number;
  readonly workers: number;
  /** From the start of the workers' processes to the end of the last send. */
  readonly tookMs: number;
  readonly sendsPerSecond: number;
  /** At which place of all sends the first and the last send of the small account ended, from 1. */
  readonly smallAccountPlaces: { readonly first: number; readonly last: number; readonly sends: number };
  /** Runs that did not complete; 0 unless something was lost. */
  readonly notCompleted: number;
  /** Messages on phones, less sends: 0 unless something was lost or doubled. */
  readonly surplusMessages: number;
  /** What each send made Temporal's PostgreSQL do, starts included. */
  readonly postgresPerSend: PostgresUsage;
  /** The most memory of each worker, in bytes. */
  readonly peakRssBytes: readonly number[];
}

/** Longer than any backlog of this benchmark takes on a slow machine. */
const MAX_DRAIN_MS = 60 * 60_000;

/** Waits until no run of the queue is open any more. */
export async function waitUntilDrained(
  client: Client,
  taskQueue: string,
  onCount: (open: number) => void,
): Promise<void> {
  const query = `WorkflowType = '${WORKFLOW_TYPE}' AND TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  await waitUntil(
    'the backlog to be drained',
    async () => {
      const { count } = await client.workflow.count(query);
      onCount(count);
      return count === 0;
    },
    { timeoutMs: MAX_DRAIN_MS, everyMs: 1_000 },
  );
}

/**
 * The workflow ids of a queue in the order in which the runs ended, and how many did not complete.
 */
export async function readEnds(
  client: Client,
  taskQueue: string,
): Promise<{ order: readonly string[]; lastEndMs: number; notCompleted: number }> {
  const ends: { id: string; endMs: number; isCompleted: boolean }[] = [];
  const query = `WorkflowType = '${WORKFLOW_TYPE}' AND TaskQueue = '${taskQueue}'`;
  for await (const { workflowId, closeTime, status } of client.workflow.list({ query })) {
    ends.push({
      id: workflowId,
      endMs: closeTime?.getTime() ?? Number.POSITIVE_INFINITY,
      isCompleted: status.name === 'COMPLETED',
    });
  }
  ends.sort((a, b) => a.endMs - b.endMs);
  return {
    order: ends.map(({ id }) => id),
    lastEndMs: ends.at(-1)?.endMs ?? Number.NaN,
    notCompleted: ends.filter(({ isCompleted }) => !isCompleted).length,
  };
}

/** The first and the last place of these ids in an order, from 1. */
export function placesOf(ids: ReadonlySet<string>, order: readonly string[]): Drain['smallAccountPlaces'] {
  const places = order.flatMap((id, index) => (ids.has(id) ? [index + 1] : []));
  return { first: places[0] ?? Number.NaN, last: places.at(-1) ?? Number.NaN, sends: places.length };
}
