import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { clearMemo } from '../data-converter/clear-memo.js';
import { AUDIT_WORKFLOW_TYPE, WORKFLOW_TYPE } from '../domain/names.js';
import type { SmsResult } from '../domain/sms-job.js';
import { validateSmsJob } from '../domain/validate-sms-job.js';
import type { AuditSendInput, AuditSendResult } from '../workflows/audit-send.js';
import { translateTemporalError } from './temporal-errors.js';

/** Which sends are looked at. */
export interface AuditOptions {
  /** Those that ended since; default: all that the namespace still keeps. */
  readonly since?: Date;
}

/** What the gateway's log shows of a send that was sent again. */
export interface AuditFinding extends AuditSendResult {
  readonly workflowId: string;
  /** The message that the send was accepted with; undefined where the send cannot be read. */
  readonly messageId?: string;
}

/** How long one look at the log may take: with a worker that is gone, it would wait forever. */
const AUDIT_TIMEOUT_MS = 5 * 60_000;

/**
 * Looks again at every send that was sent again after an unknown outcome: the first message may have turned up in the
 * gateway's log since. The worker reads the log; nothing is sent, nothing is claimed.
 *
 * @throws SmsError TEMPORAL_UNAVAILABLE
 */
export async function* auditSends(
  client: Client,
  taskQueue: string,
  { since }: AuditOptions,
): AsyncGenerator<AuditFinding> {
  const query = [
    `WorkflowType = '${WORKFLOW_TYPE}' AND ExecutionStatus = 'Completed' AND SmsStatus = 'resent'`,
    ...(since === undefined ? [] : [`CloseTime >= '${since.toISOString()}'`]),
  ].join(' AND ');
  try {
    for await (const run of client.workflow.list({ query })) {
      const { workflowId } = run;
      const input = await readSend(client, run);
      if (input === undefined) yield { workflowId, unclear: 'the send cannot be read here' };
      else yield { workflowId, messageId: input.messageId, ...(await audit(client, taskQueue, input)) };
    }
  } catch (error) {
    throw translateTemporalError(error);
  }
}

async function audit(client: Client, taskQueue: string, input: AuditSendInput): Promise<AuditSendResult> {
  try {
    return await client.workflow.execute<(input: AuditSendInput) => Promise<AuditSendResult>>(
      AUDIT_WORKFLOW_TYPE,
      {
        workflowId: `sms-audit-${randomUUID()}`,
        taskQueue,
        args: [input],
        memo: clearMemo({ accountId: input.accountId, workflowId: input.owner.workflowId }),
        workflowRunTimeout: AUDIT_TIMEOUT_MS,
      },
    );
  } catch (error) {
    if (error instanceof WorkflowFailedError) return { unclear: 'no worker has looked at the log' };
    throw error;
  }
}

/** What a send sent, from its own history; undefined for one that cannot be read here. */
async function readSend(client: Client, run: WorkflowExecutionInfo): Promise<AuditSendInput | undefined> {
  const { workflowId, runId, startTime, closeTime } = run;
  const handle = client.workflow.getHandle(workflowId, runId);
  const { events } = await handle.fetchHistory();
  const started = events?.[0]?.workflowExecutionStartedEventAttributes;
  const result: unknown = await handle.result();
  try {
    const [input] = await decodeArrayFromPayloads(
      client.options.loadedDataConverter,
      started?.input?.payloads,
    );
    const { accountId, recipientPhone, message } = validateSmsJob(input, 'ignore');
    const { messageId } = result as SmsResult;
    return {
      ...{ accountId, recipientPhone, message, messageId },
      owner: { workflowId, originalRunId: started?.originalExecutionRunId ?? '' },
      fromMs: startTime.getTime(),
      toMs: (closeTime ?? startTime).getTime(),
    };
  } catch {
    return undefined;
  }
}
