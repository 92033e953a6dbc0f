import { WorkflowNotFoundError } from '@temporalio/client';
import { mapConcurrently } from '../domain/map-concurrently.js';
import { CHECK_OPT_OUT, WORKFLOW_TYPE, type SmsStatus } from '../domain/names.js';
import { quote } from '../domain/visibility-query.js';
import { listExecutions } from './list-executions.js';
import type { TemporalClient } from './runs-options.js';

const PAGE_SIZE = 200;

/** Signals that are out at once. */
const CONCURRENT_SIGNALS = 10;

/** Which open sends of an account are meant. */
export interface OpenSends {
  readonly accountId: string;
  /** Undefined: whatever their status. */
  readonly status: SmsStatus | undefined;
  /** Further conditions of the query. */
  readonly and?: readonly string[];
  /** How many at most. @default all */
  readonly limit?: number;
}

/**
 * Has open sends that wait look at once.
 *
 * @returns how many were notified
 * @throws whatever Temporal's client throws
 */
export async function signalOpenSends(client: TemporalClient, sends: OpenSends): Promise<number> {
  const { limit = Infinity } = sends;
  // By workflow id: its current run is notified, whichever was listed.
  const open = new Set<string>();
  for await (const { execution } of listExecutions(client, { query: queryOf(sends), pageSize: PAGE_SIZE })) {
    if (open.size >= limit) break;
    open.add(execution?.workflowId ?? '');
  }
  const notified = await mapConcurrently([...open], CONCURRENT_SIGNALS, async (workflowId) => {
    try {
      await client.workflow.getHandle(workflowId).signal(CHECK_OPT_OUT);
      return true;
    } catch (error) {
      // It has ended since it was listed.
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  });
  return notified.filter(Boolean).length;
}

function queryOf({ accountId, status, and = [] }: OpenSends): string {
  return [
    `WorkflowType = ${quote(WORKFLOW_TYPE)}`,
    "ExecutionStatus = 'Running'",
    `SmsAccountId = ${quote(accountId.toLowerCase())}`,
    ...(status === undefined ? [] : [`SmsStatus = ${quote(status)}`]),
    ...and,
  ].join(' AND ');
}
