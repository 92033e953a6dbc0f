import { workflowInfo } from '@temporalio/workflow';
import type { FindDuplicateInput, PossibleDuplicate } from '../activities/types.js';
import { refuseCopy, unprovenOriginOf } from './input-origin.js';
import { checkForDuplicate } from './check-sent-messages.js';

/**
 * A send that is to be looked at again: what it sent, as which message, and when its requests were
 * out.
 */
export type AuditSendInput = Required<Omit<FindDuplicateInput, 'sealedApiKey' | 'originalRunId'>>;

/** What was found; nothing, if the log shows no second message. */
export type AuditSendResult = PossibleDuplicate;

/**
 * Looks in the provider's sent messages for a second message of a send that was sent again: a row
 * can turn up long after the send has ended. Sends nothing, claims nothing; what goes wrong is in
 * its result.
 *
 * @throws ApplicationFailure VALIDATION_FAILED for an input that was copied from another run
 */
export async function auditSendWorkflow(input: AuditSendInput): Promise<AuditSendResult> {
  const objection = refuseCopy(input);
  if (objection !== undefined) throw objection;
  const { originalExecutionRunId: originalRunId } = workflowInfo();
  return await checkForDuplicate({ ...input, originalRunId, jobOrigin: unprovenOriginOf(input) });
}
