import type proto from '@temporalio/proto';
import type { TemporalClient } from './runs-options.js';

/** A run as Temporal lists it. */
export type ExecutionInfo = proto.temporal.api.workflow.v1.IWorkflowExecutionInfo;

/**
 * The runs of a query, fetched page by page as they are read. Nothing is decoded: the client's own
 * list would stop at a memo that another SDK has encrypted.
 *
 * @throws errors of the Temporal client
 */
export async function* listExecutions(
  client: TemporalClient,
  { query, pageSize }: { readonly query: string; readonly pageSize: number },
): AsyncGenerator<ExecutionInfo> {
  const { namespace } = client.options;
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await client.workflowService.listWorkflowExecutions({
      namespace,
      query,
      pageSize,
      nextPageToken,
    });
    yield* page.executions;
    ({ nextPageToken } = page);
  } while (nextPageToken.length > 0);
}
