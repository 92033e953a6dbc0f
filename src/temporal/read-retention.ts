import { tsToMs } from '@temporalio/common/lib/time.js';
import type proto from '@temporalio/proto';

type DescribeNamespaceResponse = proto.temporal.api.workflowservice.v1.IDescribeNamespaceResponse;

/** The part of a Temporal connection that describes namespaces. */
export interface NamespaceConnection {
  readonly workflowService: {
    describeNamespace(request: { namespace: string }): Promise<DescribeNamespaceResponse>;
  };
}

/** How long a namespace keeps closed runs, in milliseconds; 0 if it does not say. */
export async function readRetentionMs(
  { workflowService }: NamespaceConnection,
  namespace: string,
): Promise<number> {
  const { config } = await workflowService.describeNamespace({ namespace });
  const retention = config?.workflowExecutionRetentionTtl;
  return retention ? tsToMs(retention) : 0;
}
