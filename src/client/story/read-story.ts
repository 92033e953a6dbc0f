import type { LoadedDataConverter, Payload } from '@temporalio/common';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { fieldsOf } from '../../domain/is-record.js';
import { createDecodeFirst } from '../../temporal/decode-first.js';
import {
  endedActivity,
  isRequest,
  scheduledActivity,
  type HistoryEvent,
} from '../../temporal/history-events.js';
import { describeActivityEnd, type EndedActivity } from './describe-activity.js';
import { describeDecision, describeEnd, describeStart, isReset } from './describe-run.js';
import { step, type StoryReader, type SmsStep, type UntimedStep } from './sms-step.js';

/** The SDK's message of a failure whose own one is encoded. */
const ENCODED = 'Encoded failure';

interface Activity {
  readonly type: string;
  readonly atMs: number;
  /** Which request of the run it is, from 1; 0 for other activities. */
  readonly request: number;
}

/**
 * The life of a send, from the history of its run, oldest step first. What was encrypted with
 * a key that is missing here is left out of the sentences.
 */
export async function readStory(
  workflowId: string,
  events: readonly HistoryEvent[],
  converter: LoadedDataConverter,
  namespace?: string,
): Promise<SmsStep[]> {
  const reader = createReader(workflowId, converter, namespace);
  const steps: SmsStep[] = [];
  const add = (atMs: number, { step, sentence }: UntimedStep) => {
    const before = steps.at(-1);
    // A run asks again and again, and moves on what it waits for.
    if (step === 'waiting' && before?.step === 'waiting' && isSameWait(before.sentence, sentence))
      steps.pop();
    if (step === before?.step && sentence === before.sentence) return;
    steps.push({ at: new Date(atMs).toISOString(), step, sentence });
  };
  const open = new Map<string, Activity>();
  let requests = 0;
  for (const event of events) {
    const atMs = tsToMs(event.eventTime);
    const type = scheduledActivity(event);
    if (type !== undefined) {
      const request = isRequest(event) ? ++requests : 0;
      open.set(String(event.eventId), { type, atMs, request });
      continue;
    }
    const id = endedActivity(event);
    const activity = open.get(id ?? '');
    if (id !== undefined && activity !== undefined) {
      open.delete(id);
      const found = await describeActivityEnd(activity, readEnd(event), atMs, reader);
      if (found !== undefined) add(atMs, found);
      continue;
    }
    const found = await describeEvent(workflowId, event, reader);
    if (found !== undefined) add(atMs, found);
  }
  const unanswered = [...open.values()].filter(({ request }) => request > 0);
  const end = steps.at(-1)?.step === 'ended' ? steps.splice(-1) : [];
  const state = end.length === 0 ? 'under way' : 'no answer before the run ended, it may have been sent';
  for (const { request, atMs } of unanswered) {
    add(atMs, { step: 'request', sentence: `Request ${request}: ${state}.` });
  }
  return [...steps, ...end];
}

/** The reason stands behind the time. */
function isSameWait(before: string, now: string): boolean {
  const reasonOf = (sentence: string) => /^Waits until \S+Z(.*)$/s.exec(sentence)?.[1];
  const reason = reasonOf(now);
  return reason !== undefined && reason === reasonOf(before);
}

function createReader(
  workflowId: string,
  converter: LoadedDataConverter,
  namespace: string | undefined,
): StoryReader {
  const decodeFirst = createDecodeFirst(converter, namespace);
  return {
    async first(payloads) {
      const decoded = await decodeFirst(payloads, workflowId);
      return decoded.kind === 'value' ? decoded.value : undefined;
    },
    async message(failure) {
      try {
        const error = await decodeOptionalFailureToOptionalError(converter, failure);
        return error?.message === ENCODED ? undefined : error?.message;
      } catch {
        return undefined;
      }
    },
  };
}

function readEnd(event: HistoryEvent): EndedActivity {
  const completed = event.activityTaskCompletedEventAttributes;
  if (completed) return { kind: 'completed', result: completed.result?.payloads };
  const failed = event.activityTaskFailedEventAttributes;
  if (failed) {
    return { kind: 'failed', failure: failed.failure ?? {} };
  }
  return { kind: event.activityTaskTimedOutEventAttributes ? 'timed-out' : 'cancelled' };
}

async function describeEvent(
  workflowId: string,
  event: HistoryEvent,
  reader: StoryReader,
): Promise<UntimedStep | undefined> {
  const started = event.workflowExecutionStartedEventAttributes;
  if (started) {
    const job = await reader.first(started.input?.payloads);
    return describeStart(workflowId, tsToMs(event.eventTime), started, job);
  }
  const { markerName, details } = event.markerRecordedEventAttributes ?? {};
  if (markerName === 'core_local_activity') {
    return await describeLocalActivity(event, details?.['data']?.payloads, reader);
  }
  const upserted = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields;
  if (upserted?.['SmsStatus']) return describeStatus(await reader.first([upserted['SmsStatus']]));
  const decision = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
  if (decision) return describeDecision(decision.name, await reader.first(decision.args?.payloads));
  const taskFailed = event.workflowTaskFailedEventAttributes;
  if (taskFailed) {
    return isReset(taskFailed)
      ? step(
          'reset',
          'Reset: an operator let it go on from here. What it did afterwards is in the earlier run.',
        )
      : step('stuck', 'A worker could not run the send: its keys or its code do not fit.');
  }
  if (event.workflowExecutionCancelRequestedEventAttributes)
    return step('cancel', 'Somebody asked for a cancel.');
  return await describeEnd(event, reader);
}

async function describeLocalActivity(
  event: HistoryEvent,
  data: readonly Payload[] | null | undefined,
  reader: StoryReader,
): Promise<UntimedStep | undefined> {
  const { failure } = event.markerRecordedEventAttributes ?? {};
  if (!failure) return undefined;
  const { activity_type: name } = fieldsOf(await reader.first(data));
  const activity = { type: typeof name === 'string' ? name : '', request: 0 };
  const end: EndedActivity = {
    kind: 'failed',
    failure: failure.applicationFailureInfo ? failure : (failure.cause ?? {}),
  };
  return await describeActivityEnd(activity, end, tsToMs(event.eventTime), reader);
}

/** Only what no activity says. */
function describeStatus(status: unknown): UntimedStep | undefined {
  if (status !== 'held') return undefined;
  return step('held', 'Held: it may have been sent. A person decides, or the sent messages show it.');
}
