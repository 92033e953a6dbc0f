import type { Payload } from '@temporalio/common';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { isSmsRunErrorCode, type SmsRunErrorCode } from '../../domain/errors.js';
import { isPayloadErrorType } from '../../domain/payload-error.js';
import { SEND_START_TO_CLOSE_MS } from '../../domain/replayed-constants.js';
import type { DecodeFirst } from '../../temporal/decode-first.js';
import { endedActivity, isRequest, type HistoryEvent } from '../../temporal/history-events.js';
import { fieldsOf } from '../../domain/is-record.js';

/** When the requests of a run may have been out; epoch milliseconds. */
export interface UnknownRequests {
  readonly fromMs: number;
  /** No request of the run is out any more. */
  readonly toMs: number;
  /**
   * The provider has refused every one of them: only what its sent messages show speaks against
   * that.
   */
  readonly isRefused?: true;
}

/** Answers of the provider that say "not sent" of a message which it has read. */
const REFUSALS = new Set(['MESSAGE_SEND_FAILED', 'API_KEY_INVALID']);

/** The input of the last request, still encoded; empty if there was none. */
export function lastRequestInput(events: readonly HistoryEvent[]): readonly Payload[] {
  return events.findLast(isRequest)?.activityTaskScheduledEventAttributes?.input?.payloads ?? [];
}

/**
 * How long a request that was written can take until the provider has it or never will, in
 * milliseconds: its HTTP time-out.
 */
const MAX_REQUEST_MS = 30_000;

/**
 * How far the clocks of worker and Temporal may differ, in milliseconds: the worker measures a
 * task's age by its own clock.
 */
const WORKER_CLOCK_DIFFERENCE_MS = 40_000;

/**
 * The longest that a request taken by a worker can be out, after it was scheduled or Temporal was
 * asked; in milliseconds.
 */
const MAX_OUT_MS = SEND_START_TO_CLOSE_MS + WORKER_CLOCK_DIFFERENCE_MS + MAX_REQUEST_MS;

/** One request of a run without a proven outcome. */
interface OpenRequest {
  readonly fromMs: number;
  /** Undefined if its end is not in the history. */
  readonly toMs: number | undefined;
  /** The provider has answered that it was not sent. */
  readonly isRefused?: true;
}

/**
 * Whether a run that has ended may have sent, and when; undefined if not, for certain: it made no
 * request, or each of them is proven not to have been sent, by more than the provider's word, and
 * the run could say so itself.
 */
export function unknownRequestsOf(
  events: readonly HistoryEvent[],
  run: {
    readonly wasReset: boolean;
    /** Ended by an operator or a time-out. */
    readonly wasInterrupted: boolean;
    /** Ended as SEND_OUTCOME_UNKNOWN, or without a code of ours. */
    readonly saysUnknown: boolean;
    readonly endedAtMs: number;
    /** @default MAX_OUT_MS */
    readonly maxOutMs?: number | undefined;
    /**
     * The requests, by the id of the event that scheduled them, of which only the provider's word
     * says that its phone missed them.
     */
    readonly missedByPhone?: ReadonlySet<string>;
  },
): UnknownRequests | undefined {
  const { wasReset, wasInterrupted, saysUnknown, endedAtMs, maxOutMs = MAX_OUT_MS } = run;
  const startedAtMs = tsToMs(events[0]?.eventTime);
  // Its history begins with events of the run before, and lacks what that run did after them.
  if (wasReset) return { fromMs: startedAtMs, toMs: endedAtMs + maxOutMs };
  const requests = requestsIn(events, wasInterrupted, run.missedByPhone ?? new Set());
  if (requests.length === 0) return saysUnknown ? { fromMs: startedAtMs, toMs: endedAtMs } : undefined;
  return {
    fromMs: Math.min(...requests.map(({ fromMs }) => fromMs)),
    // What is still out when the run ends goes on in its worker.
    toMs: Math.max(...requests.map(({ toMs }) => toMs ?? endedAtMs + maxOutMs)),
    ...(!saysUnknown && requests.every(({ isRefused }) => isRefused) ? { isRefused: true } : {}),
  };
}

/** The requests that may have sent; all of them, where `all` are wanted. */
function requestsIn(
  events: readonly HistoryEvent[],
  all: boolean,
  missedByPhone: ReadonlySet<string>,
): OpenRequest[] {
  const scheduled = new Map<string, OpenRequest>();
  for (const event of events) {
    const atMs = tsToMs(event.eventTime);
    if (isRequest(event)) scheduled.set(String(event.eventId), { fromMs: atMs, toMs: undefined });
    const id = endedActivity(event) ?? '';
    const request = scheduled.get(id);
    if (request === undefined) continue;
    const isRefused = missedByPhone.has(id) || REFUSALS.has(typeOf(event) ?? '');
    if (!all && !isRefused && provesUnsent(event)) scheduled.delete(id);
    // Temporal gave up on it; it may have been written just then.
    else {
      scheduled.set(id, {
        ...request,
        toMs: event.activityTaskTimedOutEventAttributes ? atMs + MAX_REQUEST_MS : atMs,
        ...(isRefused && !all ? { isRefused } : {}),
      });
    }
  }
  return [...scheduled.values()];
}

function provesUnsent(event: HistoryEvent): boolean {
  // Only a request that no worker has begun ends as cancelled.
  if (event.activityTaskCanceledEventAttributes) return true;
  const type = typeOf(event);
  // Its input could not be decrypted: nothing of it has run.
  if (isPayloadErrorType(type)) return true;
  return isSmsRunErrorCode(type) && type !== 'SEND_OUTCOME_UNKNOWN';
}

function typeOf(event: HistoryEvent): string | undefined {
  return event.activityTaskFailedEventAttributes?.failure?.applicationFailureInfo?.type ?? undefined;
}

/**
 * The failed requests whose failure wants a look at the sent messages before they are repeated, by
 * the id of the event that scheduled them.
 */
export async function requestsMissedByPhone(
  workflowId: string,
  events: readonly HistoryEvent[],
  decodeFirst: DecodeFirst,
): Promise<ReadonlySet<string>> {
  const missed = new Set<string>();
  for (const { activityTaskFailedEventAttributes: failed } of events) {
    const info = failed?.failure?.applicationFailureInfo;
    if (info?.type !== ('PROVIDER_UNAVAILABLE' satisfies SmsRunErrorCode)) continue;
    const advice = await decodeFirst(info.details?.payloads?.slice(1), workflowId);
    const { lookBeforeRepeat } = fieldsOf(advice.kind === 'value' ? advice.value : undefined);
    if (lookBeforeRepeat === true) missed.add(String(failed?.scheduledEventId));
  }
  return missed;
}
