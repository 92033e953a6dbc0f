import type { Client } from '@temporalio/client';

/** How long a worker has to answer, in milliseconds. */
const ANSWER_TIMEOUT_MS = 3_000;

/**
 * What a run reports about itself in the Web UI; undefined where no worker answers. Never throws.
 */
export async function readCurrentDetails(client: Client, workflowId: string): Promise<string | undefined> {
  try {
    const { currentDetails } = await client.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, () =>
      client.workflow
        .getHandle(workflowId)
        .query<{ currentDetails?: string }>('__temporal_workflow_metadata'),
    );
    return currentDetails;
  } catch {
    return undefined;
  }
}
