import type { Client } from '@temporalio/client';
import { decodeTypedSearchAttributes } from '@temporalio/common/lib/converter/payload-search-attributes.js';
import { tsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { isSmsRunErrorCode, type SmsErrorCode } from '../domain/errors.js';
import type { CorrelationIds } from '../domain/sms-job.js';
import { readCorrelationIds } from '../domain/sms-job-schema.js';
import { listExecutions, type ExecutionInfo } from '../temporal/list-executions.js';
import { toVisibilityQuery, type FilterContext, type SendFilter, type SmsListStatus } from './send-filter.js';
import { openStatusOf } from './read-sms-status.js';
import { translateTemporalError } from '../temporal/temporal-errors.js';

/** Which sends are listed, and how. */
export interface ListOptions extends SendFilter {
  /**
   * How many sends are fetched per request.
   *
   * @default 100
   */
  readonly pageSize?: number | undefined;
}

/** One send of a list. Nothing of it is encrypted, so it needs no worker and no key. */
export interface SmsListing {
  /** The send's id. */
  readonly workflowId: string;
  /** Temporal's id of this run. */
  readonly runId: string;
  /** Where the send stands. */
  readonly status: SmsListStatus;
  /** The code that it ended with. */
  readonly code?: SmsErrorCode;
  /** When it was started, ISO 8601, UTC. */
  readonly startedAt: string;
  /** When it ended, ISO 8601, UTC. */
  readonly closedAt?: string;
  /** The ids that the send is found by. */
  readonly correlationIds: CorrelationIds;
}

const Status = proto.temporal.api.enums.v1.WorkflowExecutionStatus;
const DEFAULT_PAGE_SIZE = 100;

/** Ended by Temporal or an operator: the run itself could not say how. */
const ENDS: Readonly<Record<number, { status: SmsListStatus; code?: SmsErrorCode }>> = {
  [Status.WORKFLOW_EXECUTION_STATUS_COMPLETED]: { status: 'accepted' },
  [Status.WORKFLOW_EXECUTION_STATUS_FAILED]: { status: 'failed' },
  [Status.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW]: { status: 'failed' },
  [Status.WORKFLOW_EXECUTION_STATUS_CANCELED]: { status: 'cancelled', code: 'CANCELLED' },
  [Status.WORKFLOW_EXECUTION_STATUS_TERMINATED]: { status: 'terminated', code: 'TERMINATED' },
  [Status.WORKFLOW_EXECUTION_STATUS_TIMED_OUT]: { status: 'timed-out', code: 'TIMED_OUT' },
};

/**
 * Lists sends: running ones first, then ended ones, the latest first. Fetches pages as they are
 * read.
 *
 * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID, TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED
 */
export async function* listSends(
  client: Client,
  { pageSize = DEFAULT_PAGE_SIZE, ...filter }: ListOptions,
  context: FilterContext,
): AsyncGenerator<SmsListing> {
  const query = toVisibilityQuery(filter, context);
  try {
    for await (const run of listExecutions(client, { query, pageSize })) yield toListing(run);
  } catch (error) {
    throw translateTemporalError(error);
  }
}

/**
 * Counts the sends of a filter.
 *
 * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID, TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED
 */
export async function countSends(
  client: Client,
  filter: SendFilter,
  context: FilterContext,
): Promise<number> {
  const query = toVisibilityQuery(filter, context);
  const { namespace } = client.options;
  try {
    return (await client.workflowService.countWorkflowExecutions({ namespace, query })).count.toNumber();
  } catch (error) {
    throw translateTemporalError(error);
  }
}

function toListing({ execution, status, startTime, closeTime, searchAttributes }: ExecutionInfo): SmsListing {
  const attributes = Object.fromEntries(
    decodeTypedSearchAttributes(searchAttributes?.indexedFields)
      .getAll()
      .map(({ key, value }) => [key.name, value]),
  );
  const {
    SmsAccountId: accountId,
    SmsHuntId: huntId,
    SmsAdId: adId,
    SmsLeadId: leadId,
    SmsErrorCode: errorCode,
    SmsStatus: smsStatus,
  } = attributes;
  const code = isSmsRunErrorCode(errorCode) ? errorCode : undefined;
  return {
    workflowId: execution?.workflowId ?? '',
    runId: execution?.runId ?? '',
    ...withCode(statusOf(status ?? 0, smsStatus), code),
    startedAt: new Date(tsToMs(startTime)).toISOString(),
    ...(closeTime ? { closedAt: new Date(tsToMs(closeTime)).toISOString() } : {}),
    correlationIds: readCorrelationIds({ accountId, metadata: { huntId, adId, leadId } }),
  };
}

/** What `SmsStatus` says of a completed send. */
const COMPLETED: Readonly<Record<string, SmsListStatus>> = {
  resent: 'resent',
  'resent-accepted': 'resent',
  'resent-sent': 'resent',
  sent: 'sent',
};

function statusOf(code: number, smsStatus: unknown): { status: SmsListStatus; code?: SmsErrorCode } {
  const end = ENDS[code];
  if (end?.status === 'accepted') return { status: COMPLETED[String(smsStatus)] ?? 'accepted' };
  if (end !== undefined) return end;
  return { status: openStatusOf(smsStatus) };
}

/** A cancelled run that may have sent says more by its own code. */
function withCode(
  end: { status: SmsListStatus; code?: SmsErrorCode },
  own: SmsErrorCode | undefined,
): { status: SmsListStatus; code?: SmsErrorCode } {
  return own === undefined ? end : { ...end, code: own };
}
