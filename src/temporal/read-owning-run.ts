import type { Payload } from '@temporalio/common';
import type { OwningRun } from '../domain/run-owner.js';
import { parseSendDecision, RESOLVE_SEND } from '../domain/send-decision.js';
import { fieldsOf } from '../domain/is-record.js';
import type { Decoded, DecodeFirst } from './decode-first.js';
import { endedActivity, isRequest, scheduledActivity, type HistoryEvent } from './history-events.js';

type Payloads = readonly Payload[] | null | undefined;

/** A value that may name a message of the run, still encoded, and how to read it. */
interface Naming {
  readonly payloads: Payloads;
  readonly messageIdOf: (value: unknown) => unknown;
}

/** The activities that may name a message of the run, and where in their results. */
const NAMING_ACTIVITIES: Readonly<Record<string, Naming['messageIdOf']>> = {
  sendSms: (result) => fieldsOf(result)['messageId'],
  findSentSms: (result) =>
    fieldsOf(result)['verdict'] === 'found' ? fieldsOf(result)['messageId'] : undefined,
};

/**
 * The messages that a run owns, according to its own history.
 *
 * @throws Error if it may own a message whose id cannot be read here: a caller must not conclude
 *   then that it owns none
 */
export async function readOwningRun(
  workflowId: string,
  events: readonly HistoryEvent[],
  decodeFirst: DecodeFirst,
): Promise<OwningRun> {
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const originalRunId = started?.originalExecutionRunId ?? '';
  if (originalRunId === '') throw new Error('The history of a run does not begin with its start.');

  const input = await decodeFirst(started?.input?.payloads, workflowId);
  const messageIds = new Set<string>();
  const failedMessageIds = new Set<string>();
  for (const { payloads, messageIdOf } of [...namingResults(events), ...namingUpdates(events)]) {
    const value = valueOf(await decodeFirst(payloads, workflowId));
    const messageId = messageIdOf(value);
    // Operators complete activities by hand, with anything: a result that names no message is not
    // an acceptance for the run either.
    if (typeof messageId !== 'string' || messageId === '') continue;
    messageIds.add(messageId);
    if (fieldsOf(value)['failure'] !== undefined) failedMessageIds.add(messageId);
  }
  return {
    owner: { workflowId, originalRunId },
    text: textOf(input),
    messageIds: [...messageIds],
    ...(failedMessageIds.size === 0 ? {} : { failedMessageIds: [...failedMessageIds] }),
    requestOut: !events.some(isEnd) && hasRequestOut(events),
  };
}

function textOf(input: Decoded): string | undefined {
  const message = input.kind === 'value' ? fieldsOf(input.value)['message'] : undefined;
  return typeof message === 'string' ? message : undefined;
}

function valueOf(decoded: Decoded): unknown {
  if (decoded.kind === 'value') return decoded.value;
  throw new Error('A run may own a message, but this worker cannot read its id.');
}

/** Results of activities and of the run itself. */
function namingResults(events: readonly HistoryEvent[]): Naming[] {
  const scheduled = new Map<string, Naming['messageIdOf']>();
  const results: Naming[] = [];
  for (const event of events) {
    const name = scheduledActivity(event) ?? '';
    const messageIdOf = Object.hasOwn(NAMING_ACTIVITIES, name) ? NAMING_ACTIVITIES[name] : undefined;
    if (messageIdOf !== undefined) scheduled.set(String(event.eventId), messageIdOf);

    const completed = event.activityTaskCompletedEventAttributes;
    const ofActivity = scheduled.get(String(completed?.scheduledEventId));
    if (ofActivity !== undefined) {
      results.push({ payloads: completed?.result?.payloads, messageIdOf: ofActivity });
    }
    const ended = event.workflowExecutionCompletedEventAttributes;
    if (ended) {
      results.push({
        payloads: ended.result?.payloads,
        messageIdOf: (result) => fieldsOf(result)['messageId'],
      });
    }
  }
  return results;
}

/**
 * What operators decided, `{sent: true, messageId}`, and the run has carried out: one that is being
 * taken may yet be refused, and the claim that it makes stands for it until then.
 */
function namingUpdates(events: readonly HistoryEvent[]): Naming[] {
  const updates = new Map<string, Naming>();
  const carriedOut: Naming[] = [];
  for (const event of events) {
    // A reset run gets the updates that the run before it had accepted as admitted ones.
    const request =
      event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest ??
      event.workflowExecutionUpdateAdmittedEventAttributes?.request;
    if (request?.input?.name === RESOLVE_SEND) {
      updates.set(request.meta?.updateId ?? '', {
        payloads: request.input.args?.payloads,
        messageIdOf: messageIdOfDecision,
      });
    }
    const completed = event.workflowExecutionUpdateCompletedEventAttributes;
    const update = updates.get(completed?.meta?.updateId ?? '');
    if (update !== undefined && completed?.outcome?.success) carriedOut.push(update);
  }
  return carriedOut;
}

function messageIdOfDecision(input: unknown): string | undefined {
  try {
    const decision = parseSendDecision(input);
    return 'sent' in decision ? decision.messageId : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a request was scheduled and has not ended: that it started may be written only when it
 * ends.
 */
function hasRequestOut(events: readonly HistoryEvent[]): boolean {
  const out = new Set<string>();
  for (const event of events) {
    if (isRequest(event)) out.add(String(event.eventId));
    const ended = endedActivity(event);
    if (ended !== undefined) out.delete(ended);
  }
  return out.size > 0;
}

function isEnd(event: HistoryEvent): boolean {
  const end =
    event.workflowExecutionCompletedEventAttributes ??
    event.workflowExecutionFailedEventAttributes ??
    event.workflowExecutionTimedOutEventAttributes ??
    event.workflowExecutionTerminatedEventAttributes ??
    event.workflowExecutionCanceledEventAttributes ??
    event.workflowExecutionContinuedAsNewEventAttributes;
  return Boolean(end);
}
