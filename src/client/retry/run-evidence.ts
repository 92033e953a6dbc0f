import type { Payload } from '@temporalio/common';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { isSmsRunErrorCode, type SmsRunErrorCode } from '../../domain/errors.js';
import type { RunOwner } from '../../domain/run-owner.js';
import type { DecodeFirst } from '../../temporal/decode-first.js';
import type { HistoryEvent } from '../../temporal/history-events.js';
import { readOwningRun } from '../../temporal/read-owning-run.js';
import { fieldsOf } from '../../domain/is-record.js';
import { parseTimestamp } from '../../domain/timestamp.js';
import {
  unknownRequestsOf,
  lastRequestInput,
  requestsMissedByPhone,
  type UnknownRequests,
} from './unknown-requests.js';

/** How a run stands, according to its history. */
export type RunEnd = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed-out';

/** An accepted message that its phone failed to send. */
export interface FailedMessage {
  readonly messageId: string;
  /** Since when the sent messages show it as failed, epoch milliseconds. */
  readonly sinceMs: number;
  /** Another request of the run may have been sent. */
  readonly mayBeElsewhere: boolean;
}

/** What the history of a run proves about its message. */
export interface RunEvidence {
  readonly owner: RunOwner;
  readonly runId: string;
  readonly end: RunEnd;
  /** The code of a run that failed; undefined for any other end. */
  readonly code: SmsRunErrorCode | undefined;
  /** The job, still encoded. */
  readonly input: readonly Payload[];
  /**
   * When its start delay was to end, epoch milliseconds; undefined if it was started without one.
   */
  readonly delayedToMs: number | undefined;
  /** The memo that it was started with, still encoded. */
  readonly memo: Readonly<Record<string, Payload>>;
  /** A message that it was accepted with, or that an operator has named. */
  readonly messageId: string | undefined;
  /** The provider has its message, and its phone failed to send it. */
  readonly failedAtProvider: boolean;
  /**
   * The message that was followed until its phone had failed for good; undefined for no such run.
   */
  readonly failedForGood: FailedMessage | undefined;
  readonly wasReset: boolean;
  /**
   * It is one of a row of runs, by a cron schedule or a retry policy: those before it are not
   * looked at.
   */
  readonly isRepeated: boolean;
  /** Undefined if nothing of it was sent, for certain. */
  readonly unknownRequests: UnknownRequests | undefined;
  /**
   * The API key that its last request was made with, sealed for it; undefined if that is unknown.
   */
  readonly requestedWith: string | undefined;
}

/**
 * Reads a run's history; `runId` names the run that it is of, which is another one than the
 * original where it was reset.
 *
 * @throws Error where the run may own a message whose id cannot be read here
 */
export async function readEvidence(
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
  events: readonly HistoryEvent[],
  decodeFirst: DecodeFirst,
  maxOutMs?: number,
): Promise<RunEvidence> {
  const { owner, messageIds, failedMessageIds = [] } = await readOwningRun(workflowId, events, decodeFirst);
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const { end, code, endedAtMs } = readEnd(events.at(-1));
  const wasReset = runId !== owner.originalRunId;
  const isRepeated = Boolean(started?.continuedExecutionRunId) || Boolean(started?.cronSchedule);
  // Of one that is repeated, it is the pause before its turn.
  const delayMs = isRepeated ? 0 : tsToMs(started?.firstWorkflowTaskBackoff);
  const request = await decodeFirst(lastRequestInput(events), workflowId);
  const { sealedApiKey } = fieldsOf(request.kind === 'value' ? request.value : undefined);
  const failedForGood = await readFailedForGood(workflowId, events.at(-1), decodeFirst);
  return {
    owner,
    runId,
    end,
    code,
    wasReset,
    input: started?.input?.payloads ?? [],
    delayedToMs: delayMs > 0 ? tsToMs(events[0]?.eventTime) + delayMs : undefined,
    memo: started?.memo?.fields ?? {},
    messageId: messageIds.find((id) => !failedMessageIds.includes(id) && id !== failedForGood?.messageId),
    failedForGood,
    failedAtProvider: failedMessageIds.length > 0,
    requestedWith: typeof sealedApiKey === 'string' ? sealedApiKey : undefined,
    isRepeated,
    unknownRequests: unknownRequestsOf(events, {
      wasReset,
      endedAtMs,
      maxOutMs,
      // A run that was ended from outside could not report what it knew.
      wasInterrupted: end === 'terminated' || end === 'timed-out',
      saysUnknown: end === 'failed' && (code === undefined || code === 'SEND_OUTCOME_UNKNOWN'),
      missedByPhone: await requestsMissedByPhone(workflowId, events, decodeFirst),
    }),
  };
}

/** A followed run that ends as failed names the message that its phone has failed to send. */
async function readFailedForGood(
  workflowId: string,
  last: HistoryEvent | undefined,
  decodeFirst: DecodeFirst,
): Promise<FailedMessage | undefined> {
  const info = last?.workflowExecutionFailedEventAttributes?.failure?.applicationFailureInfo;
  const isUnknown = info?.type === ('SEND_OUTCOME_UNKNOWN' satisfies SmsRunErrorCode);
  if (!isUnknown && info?.type !== ('MESSAGE_SEND_FAILED' satisfies SmsRunErrorCode)) return undefined;
  const details = await decodeFirst(info.details?.payloads, workflowId);
  const { messageId, acceptedAt, failedSince } = fieldsOf(
    details.kind === 'value' ? details.value : undefined,
  );
  if (typeof messageId !== 'string' || typeof acceptedAt !== 'string') return undefined;
  const sinceMs = parseTimestamp(failedSince) ?? tsToMs(last?.eventTime);
  return { messageId, sinceMs, mayBeElsewhere: isUnknown };
}

function readEnd(last: HistoryEvent | undefined): {
  end: RunEnd;
  code: SmsRunErrorCode | undefined;
  endedAtMs: number;
} {
  const failed = last?.workflowExecutionFailedEventAttributes;
  const type = failed?.failure?.applicationFailureInfo?.type;
  return {
    end: failed ? 'failed' : endOf(last),
    code: isSmsRunErrorCode(type) ? type : undefined,
    endedAtMs: tsToMs(last?.eventTime),
  };
}

function endOf(last: HistoryEvent | undefined): RunEnd {
  if (last?.workflowExecutionCompletedEventAttributes) return 'completed';
  if (last?.workflowExecutionCanceledEventAttributes) return 'cancelled';
  if (last?.workflowExecutionTerminatedEventAttributes) return 'terminated';
  if (last?.workflowExecutionTimedOutEventAttributes) return 'timed-out';
  return 'running';
}
