import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { SendCost } from '../system.js';
import { countBillableActions } from './billable-actions.js';

const { History } = proto.temporal.api.history.v1;

/** What a run has left in Temporal: its events, their bytes, and what Temporal Cloud would bill. */
export async function readSendCost(client: Client, workflowId: string): Promise<SendCost> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  const events = history.events ?? [];
  return {
    events: events.length,
    bytes: History.encode(history).finish().length,
    billableActions: countBillableActions(events),
  };
}
