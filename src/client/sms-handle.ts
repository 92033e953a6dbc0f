import type { Client, WorkflowExecutionStatusName, WorkflowHandle } from '@temporalio/client';
import { SmsError, type SmsErrorCode, type SmsErrorDetails } from '../domain/errors.js';
import type { SmsResult, CorrelationIds } from '../domain/sms-job.js';
import { readCorrelationIds } from '../domain/sms-job-schema.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { translateTemporalError } from '../temporal/temporal-errors.js';
import { untilAborted } from '../temporal/until-aborted.js';
import { awaitAcceptance } from './await-acceptance.js';
import { readAcceptance, type AcceptedSms } from './read-acceptance.js';
import { readCurrentDetails } from './read-current-details.js';
import { openStatusOf, readSmsStatus } from './read-sms-status.js';
import { waitForEnd } from './wait-for-end.js';

/**
 * The status of a send.
 *
 * - `running`: a request is under way, or is repeated soon
 * - `waiting`: it waits for its hours, its turn, its phone or its inbox; `reason` says until when
 * - `checking`: it may have been sent; the provider's sent messages are being read
 * - `held`: it may have been sent; a person decides, or the sent messages show it
 * - `accepted`: the provider has accepted the message; the phone may not have sent it yet. A
 *   followed send goes on, as `delivery` says
 * - `sent`: a followed send has ended, as the phone has sent the message
 * - `failed`: it ended with a code
 * - `cancelled`, `terminated`, `timed-out`: it was ended from outside
 */
export type SmsRunStatus =
  | 'running'
  | 'waiting'
  | 'checking'
  | 'held'
  | 'accepted'
  | 'sent'
  | 'failed'
  | 'cancelled'
  | 'terminated'
  | 'timed-out';

/** What is known of a send. */
export interface SmsStatusReport {
  /** The send's id, which its account and idempotency key make. */
  readonly workflowId: string;
  /** Temporal's id of the latest run of this workflow id. */
  readonly runId: string;
  /** Where the send stands. */
  readonly status: SmsRunStatus;
  /** With `accepted` and `sent`: the provider's id of the message. */
  readonly messageId?: string;
  /** With `accepted` and `sent`: when the provider accepted it, ISO 8601, UTC. */
  readonly timestamp?: string;
  /**
   * Of a followed send that was accepted: the phone is being asked (`pending`), or what `delivery`
   * of its result says.
   */
  readonly delivery?: 'pending' | 'sent' | 'unknown';
  /** With `sent`: when the phone sent it, ISO 8601, UTC; only where the provider says so. */
  readonly sentAt?: string;
  /** With `failed`, `cancelled`, `terminated` and `timed-out`: why it ended. */
  readonly code?: SmsErrorCode;
  /**
   * With `accepted`: the provider's id of a second message, if it was sent again and both may have
   * been delivered.
   */
  readonly possibleDuplicateOf?: string;
  /**
   * A sentence for people: what `code` means here, why the send is held or waits, what is known of
   * the phone, or why `delivery` is unknown.
   */
  readonly reason?: string;
  /** With `code`: what else is known of the failure. */
  readonly details?: SmsErrorDetails;
  /** The ids that the send is found by. */
  readonly correlationIds: CorrelationIds;
}

/** How something is waited for. */
export interface WaitOptions {
  /** Ends the waiting; the send goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** One send, found by its workflow id. */
export interface SmsHandle {
  /** The send's id, which its account and idempotency key make. */
  readonly workflowId: string;
  /**
   * Waits for the end of the send, however long that takes.
   *
   * @throws SmsError with the code that the send ended with; CANCELLED, TERMINATED, TIMED_OUT if it
   *   was ended from outside; NOT_FOUND
   * @throws SmsError TEMPORAL_UNAVAILABLE (call again: the send goes on), TEMPORAL_REFUSED
   * @throws the reason of `options.signal`: the send goes on
   *
   * @example
   * const { messageId } = await sent.result();
   *
   * @example Wait for at most 30 seconds
   * const { messageId } = await sent.result({ signal: AbortSignal.timeout(30_000) });
   *
   * @example Tell what was not sent from what may have been
   * try {
   *   await sent.result();
   * } catch (error) {
   *   const maybeSent = error.code === 'SEND_OUTCOME_UNKNOWN' || error.details?.maybeSent === true;
   * }
   */
  result(options?: WaitOptions): Promise<SmsResult>;
  /**
   * Waits until the provider has accepted the message: for a followed send that is before its end,
   * for any other the same as `result()`.
   *
   * @throws SmsError as `result()` does, for a send that ended without being accepted
   * @throws the reason of `options.signal`: the send goes on
   *
   * @example
   * const { messageId } = await sent.accepted();
   */
  accepted(options?: WaitOptions): Promise<AcceptedSms>;
  /**
   * Reads where the send stands now, without waiting for its end.
   *
   * @throws SmsError NOT_FOUND, TEMPORAL_UNAVAILABLE (try again), TEMPORAL_REFUSED
   *
   * @example
   * const { status, reason } = await sms.get(workflowId).status();
   */
  status(): Promise<SmsStatusReport>;
}

/** Not how a run has ended, but that it could not be asked. */
const NOT_OF_THE_RUN: readonly SmsErrorCode[] = ['TEMPORAL_UNAVAILABLE', 'TEMPORAL_REFUSED'];

const STATUSES: Partial<Record<WorkflowExecutionStatusName, SmsRunStatus>> = {
  COMPLETED: 'accepted',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
};

/** The handle of a run, which need not exist. */
export function createSmsHandle(client: Client, workflowId: string): SmsHandle {
  const handle = client.workflow.getHandle(workflowId);
  const result = async (): Promise<SmsResult> => {
    try {
      return (await waitForEnd(handle)) as SmsResult;
    } catch (error) {
      const translated = translateTemporalError(error, workflowId);
      if (translated.code === 'CANCELLED' && (await mayHaveSent(handle, workflowId)))
        throw cancelledMaybeSent(workflowId);
      throw translated;
    }
  };
  return {
    workflowId,
    result: ({ signal } = {}) => untilAborted(signal, result),
    accepted: ({ signal } = {}) => awaitAcceptance(client, { workflowId, result }, signal),
    async status() {
      try {
        const description = await handle.describe();
        const { runId, status, memo = {} } = description;
        const { accountId, ...metadata } = memo;
        const report = { workflowId, runId, correlationIds: readCorrelationIds({ accountId, metadata }) };
        const ended = STATUSES[status.name];
        if (ended !== undefined) return { ...report, status: ended, ...(await endOf(result)) };
        const open = openStatusOf(readSmsStatus(description));
        if (open === 'running' || open === 'checking') return { ...report, status: open };
        const reason = await readCurrentDetails(client, workflowId);
        const known = { ...report, status: open, ...omitUndefined({ reason }) };
        if (open !== 'accepted') return known;
        return { ...known, delivery: 'pending', ...(await readAcceptance(client, { workflowId, runId })) };
      } catch (error) {
        throw translateTemporalError(error, workflowId);
      }
    },
  };
}

/** Whether a cancelled run carries the mark that its last request has no clear answer. */
async function mayHaveSent(handle: WorkflowHandle, workflowId: string): Promise<boolean> {
  try {
    const { typedSearchAttributes } = await handle.describe();
    return typedSearchAttributes
      .getAll()
      .some(({ key, value }) => key.name === 'SmsErrorCode' && value === 'SEND_OUTCOME_UNKNOWN');
  } catch (error) {
    throw translateTemporalError(error, workflowId);
  }
}

function cancelledMaybeSent(workflowId: string): SmsError {
  return new SmsError('CANCELLED', {
    workflowId,
    message: 'The send was cancelled after its request had gone out. The message may have been sent.',
    details: { maybeSent: true },
  });
}

async function endOf(result: () => Promise<SmsResult>): Promise<Partial<SmsStatusReport>> {
  try {
    const { messageId, timestamp, possibleDuplicateOf, delivery, sentAt, deliveryReason } = await result();
    return {
      ...(delivery === 'sent' ? { status: 'sent' as const } : {}),
      ...omitUndefined({
        messageId,
        timestamp,
        possibleDuplicateOf,
        delivery,
        sentAt,
        reason: deliveryReason,
      }),
    };
  } catch (error) {
    if (!(error instanceof SmsError) || NOT_OF_THE_RUN.includes(error.code)) throw error;
    return { code: error.code, reason: error.message, details: error.details };
  }
}
