import type { Client } from '@temporalio/client';
import { presentOf } from '../domain/run-steps.js';

/** How long a worker has to answer, in milliseconds. */
const ANSWER_TIMEOUT_MS = 3_000;

/**
 * What a run says in the Web UI that it does now; undefined where no worker answers. Never throws.
 */
export async function readCurrentDetails(client: Client, workflowId: string): Promise<string | undefined> {
  try {
    const { currentDetails } = await client.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, () =>
      client.workflow
        .getHandle(workflowId)
        .query<{ currentDetails?: string }>('__temporal_workflow_metadata'),
    );
    return currentDetails === undefined ? undefined : presentOf(currentDetails);
  } catch {
    return undefined;
  }
}
