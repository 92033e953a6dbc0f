import { tsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { isSmsRunErrorCode } from '../../domain/errors.js';
import { fieldsOf } from '../../domain/is-record.js';
import { RESOLVE_SEND } from '../../domain/send-decision.js';
import { formatTimestamp, parseTimestamp } from '../../domain/timestamp.js';
import type { HistoryEvent } from '../../temporal/history-events.js';
import { readRetryId } from '../retry-id.js';
import { step, type StoryReader, type UntimedStep } from './sms-step.js';

type Attributes<Name extends keyof HistoryEvent> = NonNullable<HistoryEvent[Name]>;

const { WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW } = proto.temporal.api.enums.v1.WorkflowTaskFailedCause;

/** How a send began. */
export function describeStart(
  workflowId: string,
  atMs: number,
  started: Attributes<'workflowExecutionStartedEventAttributes'>,
  job: unknown,
): UntimedStep {
  const { base, number } = readRetryId(workflowId);
  const { sendAt, purpose } = fieldsOf(fieldsOf(job)['options']);
  const delayedToMs = atMs + tsToMs(started.firstWorkflowTaskBackoff);
  const dueMs = Math.max(parseTimestamp(sendAt) ?? 0, delayedToMs);
  return step(
    'started',
    [
      `Started${purpose === 'marketing' ? ', for marketing' : ''}`,
      ...(number === 0 ? [] : [`as retry ${number} of ${base}`]),
      ...(dueMs > atMs ? [`to be sent at ${formatTimestamp(dueMs)}`] : []),
    ].join(', ') + '.',
  );
}

/** Whether a failed workflow task is the place where an operator reset the run. */
export function isReset({ cause }: Attributes<'workflowTaskFailedEventAttributes'>): boolean {
  return cause === WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW;
}

/** What a person decided about a held send. */
export function describeDecision(
  name: string | null | undefined,
  decision: unknown,
): UntimedStep | undefined {
  if (name !== RESOLVE_SEND) return undefined;
  const { sent, messageId, resend, abandon } = fieldsOf(decision);
  if (sent === true) return step('decision', `A person decided: sent, as message ${String(messageId)}.`);
  if (resend === true) return step('decision', 'A person decided: send it again.');
  if (abandon === true) return step('decision', 'A person decided: leave it.');
  return step('decision', 'A person decided.');
}

/** How a run ended; undefined for an event that does not end it. */
export async function describeEnd(
  event: HistoryEvent,
  reader: StoryReader,
): Promise<UntimedStep | undefined> {
  const completed = event.workflowExecutionCompletedEventAttributes;
  if (completed) {
    const { messageId, delivery } = fieldsOf(await reader.first(completed.result?.payloads));
    if (delivery === 'sent') return step('ended', 'Completed: sent by the phone.');
    const isUnknown = delivery === 'unknown' ? ', and unknown whether the phone has sent it' : '';
    return step('ended', typeof messageId === 'string' ? `Completed: accepted${isUnknown}.` : 'Completed.');
  }
  const failed = event.workflowExecutionFailedEventAttributes;
  if (failed) {
    const { type } = failed.failure?.applicationFailureInfo ?? {};
    return step('ended', isSmsRunErrorCode(type) ? `Failed: ${type}.` : 'Failed, without a code.');
  }
  if (event.workflowExecutionCanceledEventAttributes) return step('ended', 'Cancelled.');
  if (event.workflowExecutionTerminatedEventAttributes) return step('ended', 'Terminated by an operator.');
  if (event.workflowExecutionTimedOutEventAttributes)
    return step('ended', 'Ended by a time-out of Temporal.');
  return undefined;
}
