import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { SmsError, type SmsErrorCode } from '../domain/errors.js';
import { parseSendDecision, RESOLVE_SEND, type SendDecision } from '../domain/send-decision.js';
import { nextRetryId } from './retry-id.js';
import { readSmsStatus } from './read-sms-status.js';
import { translateTemporalError } from '../temporal/temporal-errors.js';

/** What the update can fail with that the caller can act on. */
const REFUSALS: readonly string[] = ['NOT_HELD', 'VALIDATION_FAILED'] satisfies SmsErrorCode[];

const ANSWER_TIMEOUT_MS = 60_000;

/**
 * Hands an operator's decision to a run.
 *
 * @param patienceMs how long a worker has to take it; @default 60,000
 *
 * @throws SmsError VALIDATION_FAILED, NOT_HELD, NOT_FOUND, TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED
 */
export async function resolveSend(
  client: Client,
  workflowId: string,
  decision: SendDecision,
  { patienceMs = ANSWER_TIMEOUT_MS }: { readonly patienceMs?: number } = {},
): Promise<void> {
  const wanted = parseSendDecision(decision);
  try {
    const handle = client.workflow.getHandle(workflowId);
    // A run that waits for its start must not be woken by an update.
    const description = await handle.describe();
    if (description.status.name !== 'RUNNING' || readSmsStatus(description) !== 'held') {
      throw new SmsError('NOT_HELD', { workflowId });
    }
    if ('resend' in wanted) await refuseIfRetried(client, workflowId);
    await client.withDeadline(Date.now() + patienceMs, () =>
      handle.executeUpdate(RESOLVE_SEND, { args: [wanted] }),
    );
  } catch (error) {
    throw translateRefusal(error, workflowId);
  }
}

/** A run that was reset can be held although its retry has sent the message. */
async function refuseIfRetried(client: Client, workflowId: string): Promise<void> {
  const retryId = nextRetryId(workflowId);
  if (retryId === undefined) return;
  try {
    await client.workflow.getHandle(retryId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return;
    throw error;
  }
  throw new SmsError('VALIDATION_FAILED', {
    workflowId,
    message: `The retry ${retryId} may have sent the message: check that send, then decide with --sent or --abandon.`,
  });
}

function translateRefusal(error: unknown, workflowId: string): SmsError {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    return new SmsError('TEMPORAL_UNAVAILABLE', {
      workflowId,
      message:
        'No worker answered in time. The decision may still take effect: check the send before you repeat it.',
    });
  }
  const { cause } = error instanceof WorkflowUpdateFailedError ? error : {};
  if (cause === undefined) return translateTemporalError(error, workflowId);
  const type = cause instanceof ApplicationFailure ? (cause.type ?? '') : '';
  if (REFUSALS.includes(type)) {
    return new SmsError(type as SmsErrorCode, { workflowId, message: cause.message });
  }
  // The run ended just then.
  if (type === 'AcceptedUpdateCompletedWorkflow') return new SmsError('NOT_HELD', { workflowId });
  return new SmsError('TEMPORAL_UNAVAILABLE', {
    workflowId,
    message:
      'The decision was not recorded because the owner of the message could not be determined. Try again.',
  });
}
