import { randomUUID } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import type { SendFixture } from './send-fixture.js';

/**
 * Starts the workflow as any SDK can: with these payloads, no memo, no search attributes; its
 * workflow id.
 */
export async function startWithPayloads(
  { temporal, taskQueue }: Pick<SendFixture, 'temporal' | 'taskQueue'>,
  payloads: Payload[],
  { endsAfterSeconds }: { endsAfterSeconds?: number } = {},
): Promise<string> {
  const workflowId = `by-hand-${randomUUID()}`;
  await temporal.workflowService.startWorkflowExecution({
    namespace: temporal.options.namespace,
    workflowId,
    requestId: randomUUID(),
    workflowType: { name: WORKFLOW_TYPE },
    taskQueue: { name: taskQueue },
    input: { payloads },
    ...(endsAfterSeconds === undefined
      ? {}
      : { workflowExecutionTimeout: { seconds: endsAfterSeconds as never } }),
  });
  return workflowId;
}
