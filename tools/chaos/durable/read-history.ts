import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type proto from '@temporalio/proto';
import type { Decoded } from '../../../src/temporal/decode-first.js';
import { omitUndefined } from '../../../src/domain/omit-undefined.js';
import { isSmsRunErrorCode } from '../../../src/domain/errors.js';
import type { SmsStatus } from '../../../src/domain/names.js';
import type { RunReport } from '../verify/run-report.js';
import { fieldsOf } from '../../../src/domain/is-record.js';

/** Decodes the first of some payloads of the run. */
type DecodeFirst = (payloads: readonly Payload[] | null | undefined) => Promise<Decoded>;

type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

/** The course of a run, according to its history. */
export type RunWay = Omit<RunReport, 'key' | 'end'>;

interface State {
  readonly scheduled: Map<string, string>;
  readonly holds: string[];
  isOutcomeUnknown: boolean;
  unknownOutcomes: number;
  resends: number;
  lastCheckAtMs: number | undefined;
  /** What the log said last, and why the run would be held for it. */
  foundInLog: boolean;
  lastReason: string;
}

/** Reads a run's way from its events, oldest first. */
export async function readHistory(
  events: readonly HistoryEvent[],
  decodeFirst: DecodeFirst,
): Promise<RunWay> {
  const state: State = {
    scheduled: new Map(),
    holds: [],
    isOutcomeUnknown: false,
    unknownOutcomes: 0,
    resends: 0,
    lastCheckAtMs: undefined,
    foundInLog: false,
    lastReason: 'the sent messages were not checked',
  };
  for (const event of events) {
    readRequest(event, state);
    await readLogCheck(event, state, decodeFirst);
    readStatus(event, state);
  }
  const last = events.at(-1);
  const completed = last?.workflowExecutionCompletedEventAttributes != null;
  return {
    closedAtMs: last !== undefined && isEnd(last) ? timeOf(last) : undefined,
    unknownOutcomes: state.unknownOutcomes,
    resends: state.resends,
    reconciledByList: completed && state.foundInLog,
    holds: state.holds,
    stuckOn: await messageOf(last?.workflowTaskFailedEventAttributes?.failure, decodeFirst),
    ...omitUndefined({ lastCheckAtMs: state.lastCheckAtMs }),
  };
}

/** A request to the provider: one that begins after an unknown outcome is a resend. */
function readRequest(event: HistoryEvent, state: State): void {
  const scheduled = event.activityTaskScheduledEventAttributes;
  if (scheduled) {
    const name = scheduled.activityType?.name ?? '';
    state.scheduled.set(String(event.eventId), name);
    if (name === 'followSms') state.lastCheckAtMs = timeOf(event);
    if (name !== 'sendSms') return;
    state.foundInLog = false;
    if (state.isOutcomeUnknown) state.resends += 1;
    return;
  }
  const failed = event.activityTaskFailedEventAttributes;
  const ended = failed ?? event.activityTaskTimedOutEventAttributes;
  if (!ended || state.scheduled.get(String(ended.scheduledEventId)) !== 'sendSms') return;
  const code = failed?.failure?.applicationFailureInfo?.type;
  if (isSmsRunErrorCode(code) && code !== 'SEND_OUTCOME_UNKNOWN') return;
  state.isOutcomeUnknown = true;
  state.unknownOutcomes += 1;
}

async function readLogCheck(event: HistoryEvent, state: State, decodeFirst: DecodeFirst): Promise<void> {
  const completed = event.activityTaskCompletedEventAttributes;
  if (!completed || state.scheduled.get(String(completed.scheduledEventId)) !== 'findSentSms') return;
  const decoded = await decodeFirst(completed.result?.payloads);
  const { verdict = 'no verdict', reason = '' } = fieldsOf(decoded.kind === 'value' ? decoded.value : {});
  state.foundInLog = verdict === 'found';
  state.lastReason =
    verdict === 'clean'
      ? 'the message is absent, and no resend is left'
      : `${String(verdict)}: ${String(reason)}`;
}

function readStatus(event: HistoryEvent, state: State): void {
  const upserted = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields;
  const status = upserted?.['SmsStatus'];
  if (!status) return;
  // Search attributes are never encrypted.
  const values = [defaultPayloadConverter.fromPayload<unknown>(status)].flat();
  if (values.includes('held' satisfies SmsStatus)) state.holds.push(state.lastReason);
}

/** What a failure says; its message is a payload like any other where failures are encrypted. */
async function messageOf(
  failure: proto.temporal.api.failure.v1.IFailure | null | undefined,
  decodeFirst: DecodeFirst,
): Promise<string | undefined> {
  if (!failure?.encodedAttributes) return failure?.message ?? undefined;
  const decoded = await decodeFirst([failure.encodedAttributes]);
  return decoded.kind === 'value' ? String(fieldsOf(decoded.value)['message']) : 'an unreadable failure';
}

function isEnd(event: HistoryEvent): boolean {
  return [
    event.workflowExecutionCompletedEventAttributes,
    event.workflowExecutionFailedEventAttributes,
    event.workflowExecutionCanceledEventAttributes,
    event.workflowExecutionTerminatedEventAttributes,
    event.workflowExecutionTimedOutEventAttributes,
  ].some((attributes) => attributes != null);
}

function timeOf({ eventTime }: HistoryEvent): number {
  return Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1_000_000;
}
