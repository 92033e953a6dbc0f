import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { SmsError } from '../../domain/errors.js';
import { WORKFLOW_TYPE } from '../../domain/names.js';
import type { SmsJob } from '../../domain/sms-job.js';
import { createDecodeFirst } from '../../temporal/decode-first.js';
import { findHistory } from '../../temporal/history-events.js';
import { readRetryId, retryIdAt } from '../retry-id.js';
import { readRunJob } from './read-run-job.js';
import { readEvidence, type RunEvidence } from './run-evidence.js';

/**
 * Reads the latest run of a send.
 *
 * @throws SmsError NOT_FOUND, ENCRYPTION_KEY_MISSING; errors of the Temporal client
 */
export async function readLastRun(
  client: Client,
  workflowId: string,
  maxOutMs?: number,
): Promise<RunEvidence> {
  const run = await readRun(client, workflowId, maxOutMs);
  if (run === undefined) throw new SmsError('NOT_FOUND', { workflowId });
  return run;
}

/**
 * Reads the latest run of every send that this one is a retry of, the first one last: any of them
 * may have sent. A run with another recipient, text or account is none of these, whatever its id.
 *
 * @param job of the send itself
 * @throws SmsError ENCRYPTION_KEY_MISSING; errors of the Temporal client, PayloadError
 */
export async function readRunsBefore(
  client: Client,
  workflowId: string,
  job: SmsJob,
  maxOutMs?: number,
): Promise<readonly RunEvidence[]> {
  const { base, number } = readRetryId(workflowId);
  const before: RunEvidence[] = [];
  for (let place = number - 1; place >= 0; place--) {
    const run = await readRun(client, retryIdAt({ base, number: place }), maxOutMs);
    // Older than the retention, or an id that only looks like a retry's.
    if (run === undefined || !isSameMessage(await readRunJob(client, run), job)) break;
    before.push(run);
  }
  return before;
}

/** Whether one can be the retry of the other: options and ids may differ. */
function isSameMessage(one: SmsJob | undefined, other: SmsJob): boolean {
  return (
    one?.recipientPhone === other.recipientPhone &&
    one.message === other.message &&
    one.accountId.toLowerCase() === other.accountId.toLowerCase()
  );
}

/** The latest run under a workflow id; undefined if there is none, or it is not a send. */
async function readRun(
  client: Client,
  workflowId: string,
  maxOutMs?: number,
): Promise<RunEvidence | undefined> {
  const run = await describeRun(client, workflowId);
  if (run === undefined) return undefined;
  const { runId } = run;
  const events = await findHistory(client, { workflowId, runId });
  if (events === undefined) return undefined;
  try {
    const decodeFirst = createDecodeFirst(client.options.loadedDataConverter, client.options.namespace);
    return await readEvidence({ workflowId, runId }, events, decodeFirst, maxOutMs);
  } catch {
    throw new SmsError('ENCRYPTION_KEY_MISSING', {
      workflowId,
      message:
        'The run names a message that this client cannot read: SMS_PAYLOAD_KEYS lacks the key of its history.',
    });
  }
}

async function describeRun(client: Client, workflowId: string): Promise<{ runId: string } | undefined> {
  try {
    const { type, runId } = await client.workflow.getHandle(workflowId).describe();
    return type === WORKFLOW_TYPE ? { runId } : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
