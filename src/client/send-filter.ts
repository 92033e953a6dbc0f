import { isDate } from 'node:util/types';
import type { CountryCode } from 'libphonenumber-js';
import type { RecipientKeys } from '../encryption/recipient-key.js';
import { isSmsRunErrorCode, SmsError, type SmsErrorCode } from '../domain/errors.js';
import { WORKFLOW_TYPE, type SearchAttributeName } from '../domain/names.js';
import { isAccountId, isCorrelationId } from '../domain/sms-job-schema.js';
import { isInBounds } from '../domain/timestamp.js';
import { quote } from '../domain/visibility-query.js';
import { readPhoneNumber } from '../phone-numbers/read-phone-number.js';
import type { SmsRunStatus } from './sms-handle.js';

/**
 * The status of a listed send; `resent` is `accepted` or `sent` after at least one request was
 * repeated for an unknown outcome.
 */
export type SmsListStatus = SmsRunStatus | 'resent';

/**
 * Which sends are wanted: those that meet every condition given.
 *
 * @example
 * const filter: SendFilter = { accountId, status: 'failed', since: new Date('2030-01-01') };
 */
export interface SendFilter {
  /** `metadata.huntId` of the job. */
  readonly huntId?: string | undefined;
  /** `metadata.adId` of the job. */
  readonly adId?: string | undefined;
  /** `metadata.leadId` of the job. */
  readonly leadId?: string | undefined;
  /** `accountId` of the job. */
  readonly accountId?: string | undefined;
  /**
   * The recipient's number as people write it. The query to Temporal holds its digest, never the
   * number.
   */
  readonly to?: string | undefined;
  /**
   * Where the send stands. `accepted` leaves out what the phone is known to have sent; it and
   * `sent` include `resent`.
   */
  readonly status?: SmsListStatus | undefined;
  /** The code that the send ended with, CANCELLED, TERMINATED and TIMED_OUT included. */
  readonly errorCode?: SmsErrorCode | undefined;
  /** Started at this time or later. */
  readonly since?: Date | undefined;
  /** Started before this time. */
  readonly until?: Date | undefined;
  /** Ended before this time; leaves out running sends. */
  readonly endedBefore?: Date | undefined;
}

const LIST_STATUSES: Readonly<Record<SmsListStatus, string>> = {
  running:
    "ExecutionStatus = 'Running' AND (SmsStatus IS NULL OR SmsStatus NOT IN ('checking', 'held', 'waiting', 'accepted', 'resent-accepted'))",
  waiting: "ExecutionStatus = 'Running' AND SmsStatus = 'waiting'",
  checking: "ExecutionStatus = 'Running' AND SmsStatus = 'checking'",
  held: "ExecutionStatus = 'Running' AND SmsStatus = 'held'",
  accepted:
    "((ExecutionStatus = 'Running' AND SmsStatus IN ('accepted', 'resent-accepted')) OR (ExecutionStatus = 'Completed' AND (SmsStatus IS NULL OR SmsStatus NOT IN ('sent', 'resent-sent'))))",
  sent: "ExecutionStatus = 'Completed' AND SmsStatus IN ('sent', 'resent-sent')",
  resent: "ExecutionStatus = 'Completed' AND SmsStatus IN ('resent', 'resent-accepted', 'resent-sent')",
  failed: "ExecutionStatus = 'Failed'",
  cancelled: "ExecutionStatus = 'Canceled'",
  terminated: "ExecutionStatus = 'Terminated'",
  'timed-out': "ExecutionStatus = 'TimedOut'",
};

/** Every status that sends can be listed by. */
export const SMS_LIST_STATUSES = Object.keys(LIST_STATUSES) as readonly SmsListStatus[];

/** Codes that the run itself does not set, and the status of each. */
const OUTER_ENDS: Partial<Record<SmsErrorCode, SmsListStatus>> = {
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
};

/** What numbers are read and searched with. */
export interface FilterContext {
  readonly recipientKeys: RecipientKeys;
  readonly defaultRegion: CountryCode;
}

/**
 * The visibility query of a filter. Every value is checked against the pattern of its field and
 * quoted.
 *
 * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID; no value is repeated
 */
export function toVisibilityQuery(filter: SendFilter, context: FilterContext): string {
  const { huntId, adId, leadId, accountId, to, status, errorCode, since, until, endedBefore } = filter;
  const conditions = [
    `WorkflowType = ${quote(WORKFLOW_TYPE)}`,
    ...traceId('SmsHuntId', 'huntId', huntId),
    ...traceId('SmsAdId', 'adId', adId),
    ...traceId('SmsLeadId', 'leadId', leadId),
    ...(accountId === undefined ? [] : [`SmsAccountId = ${quote(readAccountId(accountId))}`]),
    ...(to === undefined ? [] : [recipientIs(to, context)]),
    ...(status === undefined ? [] : [readStatus(status)]),
    ...(errorCode === undefined ? [] : [endedAs(errorCode)]),
    ...(since === undefined ? [] : [`StartTime >= ${quote(readTime('since', since))}`]),
    ...(until === undefined ? [] : [`StartTime < ${quote(readTime('until', until))}`]),
    ...(endedBefore === undefined ? [] : [`CloseTime < ${quote(readTime('endedBefore', endedBefore))}`]),
  ];
  return conditions.join(' AND ');
}

function traceId(attribute: SearchAttributeName, name: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  if (!isCorrelationId(value)) {
    throw invalid(`${name} must be 1 to 128 letters, digits or . _ : -`);
  }
  return [`${attribute} = ${quote(value)}`];
}

function readAccountId(accountId: string): string {
  if (!isAccountId(accountId)) throw invalid('accountId must be a UUID');
  return accountId.toLowerCase();
}

function recipientIs(to: string, { recipientKeys, defaultRegion }: FilterContext): string {
  // A number that a send was started to by `allowAnyNumber` is found, too.
  const reading = readPhoneNumber(to, { defaultRegion, allowAnyNumber: true });
  if ('problem' in reading) {
    throw new SmsError('PHONE_NUMBER_INVALID', {
      message: 'The recipient to filter by is not a phone number.',
    });
  }
  return `SmsRecipientKey IN (${recipientKeys(reading.number).map(quote).join(', ')})`;
}

function readStatus(status: SmsListStatus): string {
  // From a command line or JavaScript, anything may come.
  if (!Object.hasOwn(LIST_STATUSES, status)) {
    throw invalid(`status must be one of ${SMS_LIST_STATUSES.join(', ')}`);
  }
  return LIST_STATUSES[status];
}

function endedAs(code: SmsErrorCode): string {
  const outer = Object.hasOwn(OUTER_ENDS, code) ? OUTER_ENDS[code] : undefined;
  if (outer !== undefined) return LIST_STATUSES[outer];
  if (!isSmsRunErrorCode(code)) throw invalid('errorCode must be an error code of a send');
  return `SmsErrorCode = ${quote(code)}`;
}

function readTime(name: string, time: Date): string {
  if (!isDate(time) || !isInBounds(time.getTime())) throw invalid(`${name} must be a valid Date after 1970`);
  return time.toISOString();
}

function invalid(what: string): SmsError {
  return new SmsError('VALIDATION_FAILED', { message: `The filter is not valid: ${what}.` });
}
