import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { tsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { plaintextMemo } from '../encryption/plaintext-memo.js';
import { AUDIT_WORKFLOW_TYPE, WORKFLOW_TYPE } from '../domain/names.js';
import type { SmsResult } from '../domain/sms-job.js';
import { validateSmsJob } from '../domain/validate-sms-job.js';
import { quote } from '../domain/visibility-query.js';
import { findHistory } from '../temporal/history-events.js';
import type { AuditSendInput, AuditSendResult } from '../workflows/audit-send.js';
import { listExecutions, type ExecutionInfo } from '../temporal/list-executions.js';
import { translateTemporalError } from '../temporal/temporal-errors.js';
import { eachUntilAborted } from '../temporal/until-aborted.js';
import { waitForEnd } from './wait-for-end.js';

/** Which sends are looked at. */
export interface AuditOptions {
  /**
   * Sends that ended at this time or later.
   *
   * @default all that the namespace still keeps
   */
  readonly since?: Date | undefined;
  /** Ends the audit, which throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What the provider's sent messages show of a send that was sent again. Neither a duplicate nor a
 * unknownRequests: it was sent once.
 */
export interface AuditFinding {
  /** The send. */
  readonly workflowId: string;
  /**
   * The provider's id of the message that the send ended with; absent where the send cannot be
   * read.
   */
  readonly messageId?: string;
  /** The provider's id of a second message with this number and text that no other send owns. */
  readonly possibleDuplicateOf?: string;
  /** Why it cannot be said whether there is a second message, in a few words. */
  readonly unclear?: string;
  /**
   * The send, or what the worker has found, cannot be read here: `payloadKeys` lacks a key, or the
   * send is gone.
   */
  readonly unreadable?: true;
}

const { WORKFLOW_EXECUTION_STATUS_COMPLETED } = proto.temporal.api.enums.v1.WorkflowExecutionStatus;

/** How long one check of the sent messages may take: without a worker, it would wait forever. */
const AUDIT_TIMEOUT_MS = 5 * 60_000;

/** How many sends are requested at once. */
const PAGE_SIZE = 100;

/**
 * Looks again at every send of this task queue that was sent again after an unknown outcome: the
 * first message may have turned up in the provider's list of sent messages since. The worker reads
 * the log; nothing is sent, nothing is claimed. A send and its retries are not compared. One that
 * was terminated or timed out after it was sent again is listed as unclear.
 *
 * @throws SmsError TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED; the signal's reason
 */
export function auditSends(
  client: Client,
  taskQueue: string,
  { since, signal }: AuditOptions,
): AsyncGenerator<AuditFinding> {
  return eachUntilAborted(signal, auditEach(client, taskQueue, since));
}

async function* auditEach(
  client: Client,
  taskQueue: string,
  since: Date | undefined,
): AsyncGenerator<AuditFinding> {
  const query = [
    `WorkflowType = '${WORKFLOW_TYPE}' AND SmsStatus IN ('resent', 'resent-accepted', 'resent-sent')`,
    "ExecutionStatus IN ('Completed', 'Terminated', 'TimedOut')",
    // Sends of other queues belong to other workers. Ours may have neither their keys nor their
    // accounts.
    `TaskQueue = ${quote(taskQueue)}`,
    ...(since === undefined ? [] : [`CloseTime >= '${since.toISOString()}'`]),
  ].join(' AND ');
  try {
    for await (const run of listExecutions(client, { query, pageSize: PAGE_SIZE })) {
      const workflowId = run.execution?.workflowId ?? '';
      if (run.status !== WORKFLOW_EXECUTION_STATUS_COMPLETED) {
        yield {
          workflowId,
          unclear: 'the run was terminated or timed out after a resend, and may have sent the message twice',
        };
        continue;
      }
      const input = await readSend(client, run);
      if (input === undefined)
        yield { workflowId, unreadable: true, unclear: 'this client cannot read the send' };
      else yield { workflowId, messageId: input.messageId, ...(await audit(client, taskQueue, input)) };
    }
  } catch (error) {
    throw translateTemporalError(error);
  }
}

async function audit(
  client: Client,
  taskQueue: string,
  input: AuditSendInput,
): Promise<AuditSendResult & Pick<AuditFinding, 'unreadable'>> {
  try {
    const handle = await client.workflow.start<(input: AuditSendInput) => Promise<AuditSendResult>>(
      AUDIT_WORKFLOW_TYPE,
      {
        workflowId: `sms-audit-${randomUUID()}`,
        taskQueue,
        args: [input],
        memo: plaintextMemo({ accountId: input.accountId, workflowId: input.owner.workflowId }),
        workflowRunTimeout: AUDIT_TIMEOUT_MS,
      },
    );
    return await waitForEnd(handle);
  } catch (error) {
    if (error instanceof WorkflowFailedError) return { unclear: 'no worker has checked the sent messages' };
    const translated = translateTemporalError(error);
    if (translated.code !== 'ENCRYPTION_KEY_MISSING') throw error;
    return { unreadable: true, unclear: 'this client cannot read the answer of the worker' };
  }
}

/**
 * What a send sent, from its own history; undefined for one that cannot be read here, or that is
 * gone.
 */
async function readSend(
  client: Client,
  { execution, startTime, closeTime }: ExecutionInfo,
): Promise<AuditSendInput | undefined> {
  const { workflowId, runId } = { workflowId: execution?.workflowId ?? '', runId: execution?.runId ?? '' };
  // Nothing if it was deleted since it was listed.
  const events = (await findHistory(client, { workflowId, runId })) ?? [];
  const started = events.at(0)?.workflowExecutionStartedEventAttributes;
  const completed = events.at(-1)?.workflowExecutionCompletedEventAttributes;
  try {
    const converter = client.options.loadedDataConverter;
    const [input] = await decodeArrayFromPayloads(converter, started?.input?.payloads);
    const [result] = await decodeArrayFromPayloads(converter, completed?.result?.payloads);
    const { accountId, recipientPhone, message } = validateSmsJob(input, 'ignore');
    const { messageId } = result as Partial<SmsResult>;
    if (messageId === undefined) return undefined;
    return {
      accountId,
      recipientPhone,
      message,
      messageId,
      owner: { workflowId, originalRunId: started?.originalExecutionRunId ?? '' },
      fromMs: tsToMs(startTime),
      toMs: tsToMs(closeTime ?? startTime),
    };
  } catch {
    return undefined;
  }
}
