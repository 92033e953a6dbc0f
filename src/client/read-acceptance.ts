import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { fieldsOf } from '../domain/is-record.js';
import { SEND_ACTIVITY } from '../domain/names.js';
import { parseSendDecision, RESOLVE_SEND } from '../domain/send-decision.js';
import {
  readHistory,
  scheduledActivity,
  type HistoryEvent,
  type RunReference,
} from '../temporal/history-events.js';

/** A message that the provider has accepted. */
export interface AcceptedSms {
  /** The provider's id of the message. */
  readonly messageId: string;
  /** When it was accepted, ISO 8601, UTC. */
  readonly timestamp: string;
}

/**
 * The message that a run was accepted with, by its history; undefined if it was not accepted, or
 * that cannot be read here.
 *
 * @throws errors of the Temporal client
 */
export async function readAcceptance(client: Client, run: RunReference): Promise<AcceptedSms | undefined> {
  const scheduled = new Map<string, string>();
  const decisions = new Map<string, Payloads>();
  let accepted: AcceptedSms | undefined;
  for (const event of await readHistory(client, run)) {
    const activity = scheduledActivity(event);
    if (activity !== undefined) scheduled.set(String(event.eventId), activity);
    const request =
      event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest ??
      event.workflowExecutionUpdateAdmittedEventAttributes?.request;
    if (request?.input?.name === RESOLVE_SEND) {
      decisions.set(request.meta?.updateId ?? '', request.input.args?.payloads);
    }
    accepted = (await acceptedBy(client, event, { scheduled, decisions })) ?? accepted;
  }
  return accepted;
}

type Payloads = Payload[] | null | undefined;

async function acceptedBy(
  client: Client,
  event: HistoryEvent,
  before: {
    /** The activities that were scheduled, by their events. */
    readonly scheduled: ReadonlyMap<string, string>;
    /** What operators decided, by the ids of their updates. */
    readonly decisions: ReadonlyMap<string, Payloads>;
  },
): Promise<AcceptedSms | undefined> {
  const completed = event.activityTaskCompletedEventAttributes;
  if (completed) {
    const activity = before.scheduled.get(String(completed.scheduledEventId));
    if (activity !== SEND_ACTIVITY && activity !== 'findSentSms') return undefined;
    const result = fieldsOf(await decode(client, completed.result?.payloads));
    return activity === SEND_ACTIVITY || result['verdict'] === 'found' ? asAccepted(result) : undefined;
  }
  const update = event.workflowExecutionUpdateCompletedEventAttributes;
  if (!update?.outcome?.success) return undefined;
  const messageId = namedIn(await decode(client, before.decisions.get(update.meta?.updateId ?? '')));
  if (messageId === undefined) return undefined;
  return { messageId, timestamp: new Date(tsToMs(event.eventTime)).toISOString() };
}

async function decode(client: Client, payloads: Payloads): Promise<unknown> {
  try {
    const [value] = await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads);
    return value;
  } catch {
    return undefined;
  }
}

function asAccepted({ messageId, timestamp }: Readonly<Record<string, unknown>>): AcceptedSms | undefined {
  if (typeof messageId !== 'string' || messageId === '' || typeof timestamp !== 'string') return undefined;
  return { messageId, timestamp };
}

function namedIn(decision: unknown): string | undefined {
  try {
    const wanted = parseSendDecision(decision);
    return 'sent' in wanted ? wanted.messageId : undefined;
  } catch {
    return undefined;
  }
}
