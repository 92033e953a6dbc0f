import type {
  Client,
  WorkflowExecutionDescription,
  WorkflowExecutionStatusName,
  WorkflowHandle,
} from '@temporalio/client';
import { SmsError, type SmsErrorCode, type SmsErrorDetails } from '../domain/errors.js';
import { SMS_STATUSES, type SmsStatus } from '../domain/names.js';
import { readTraceIds, type SmsResult, type TraceIds } from '../domain/sms-job.js';
import { translateTemporalError } from '../temporal/temporal-errors.js';
import { untilAborted } from '../temporal/until-aborted.js';
import { waitForEnd } from './wait-for-end.js';

/** Where a run stands; `checking` and `held` are running ones that may have sent. */
export type SmsRunStatus =
  'running' | 'checking' | 'held' | 'sent' | 'failed' | 'cancelled' | 'terminated' | 'timed-out';

/** What is known of a send. */
export interface SmsStatusReport {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: SmsRunStatus;
  /** The provider's id of the message, once it is sent. */
  readonly messageId?: string;
  /** When the provider accepted it, ISO 8601, UTC. */
  readonly timestamp?: string;
  readonly code?: SmsErrorCode;
  /** The message that the log shows beside this one, after it was sent again. */
  readonly possibleDuplicateOf?: string;
  /** The sentence that goes with the code, or why the run is held. */
  readonly reason?: string;
  readonly details?: SmsErrorDetails;
  readonly traceIds: TraceIds;
}

/** How something is waited for. */
export interface WaitOptions {
  /** Ends the waiting; the send goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** One send, found by its workflow id. */
export interface SmsHandle {
  readonly workflowId: string;
  /**
   * Waits for the end of the run.
   *
   * @throws SmsError with the run's code, or CANCELLED, TERMINATED, TIMED_OUT, NOT_FOUND, TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED; the
   *   signal's reason
   */
  result(options?: WaitOptions): Promise<SmsResult>;
  /**
   * Says where the run stands, without waiting.
   *
   * @throws SmsError NOT_FOUND, TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED
   */
  status(): Promise<SmsStatusReport>;
}

/** How long a worker has to say why it holds a run, in milliseconds. */
const PATIENCE_MS = 3_000;

/** Not how a run has ended, but that it could not be asked. */
const NOT_OF_THE_RUN: readonly SmsErrorCode[] = ['TEMPORAL_UNAVAILABLE', 'TEMPORAL_REFUSED'];

const STATUSES: Partial<Record<WorkflowExecutionStatusName, SmsRunStatus>> = {
  COMPLETED: 'sent',
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
    async status() {
      try {
        const description = await handle.describe();
        const { runId, status, memo = {} } = description;
        const { accountId, ...metadata } = memo;
        const report = { workflowId, runId, traceIds: readTraceIds({ accountId, metadata }) };
        const ended = STATUSES[status.name];
        if (ended !== undefined) return { ...report, status: ended, ...(await endOf(result)) };
        const smsStatus = readSmsStatus(description);
        if (smsStatus !== 'held') {
          return { ...report, status: smsStatus === 'checking' ? 'checking' : 'running' };
        }
        return { ...report, status: 'held', ...(await reasonOfHold(client, handle)) };
      } catch (error) {
        throw translateTemporalError(error, workflowId);
      }
    },
  };
}

/** The search attribute `SmsStatus`, of runs that left the happy path. */
export function readSmsStatus({
  typedSearchAttributes,
}: Pick<WorkflowExecutionDescription, 'typedSearchAttributes'>): SmsStatus | undefined {
  const status = typedSearchAttributes.getAll().find(({ key }) => key.name === 'SmsStatus')?.value;
  return SMS_STATUSES.find((known) => known === status);
}

/** Why a run is held, in its own words; nothing where no worker answers. */
async function reasonOfHold(client: Client, handle: WorkflowHandle): Promise<{ reason?: string }> {
  try {
    const { currentDetails } = await client.withDeadline(Date.now() + PATIENCE_MS, () =>
      handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata'),
    );
    return currentDetails === undefined ? {} : { reason: currentDetails };
  } catch {
    return {};
  }
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
    message: 'The send was cancelled when its request had gone out; it may have been sent.',
    details: { maybeSent: true },
  });
}

async function endOf(result: () => Promise<SmsResult>): Promise<Partial<SmsStatusReport>> {
  try {
    const { messageId, timestamp, possibleDuplicateOf } = await result();
    return { messageId, timestamp, ...(possibleDuplicateOf === undefined ? {} : { possibleDuplicateOf }) };
  } catch (error) {
    if (!(error instanceof SmsError) || NOT_OF_THE_RUN.includes(error.code)) throw error;
    return { code: error.code, reason: error.message, details: error.details };
  }
}
