import { randomUUID } from 'node:crypto';
import { isDate } from 'node:util/types';
import type { CountryCode } from 'libphonenumber-js';
import type { RecipientKey } from '../encryption/recipient-key.js';
import { SmsError } from '../domain/errors.js';
import { workflowIdFor } from '../domain/names.js';
import { MAX_LIFETIME_MS } from '../domain/replayed-constants.js';
import {
  assertWithinYear,
  defaultLifetimeOf,
  runTimesOf,
  sendAtOf,
  type RunTimes,
} from '../domain/schedule.js';
import { holdsNumber, type SmsJob, type CorrelationIds } from '../domain/sms-job.js';
import { readCorrelationIds } from '../domain/sms-job-schema.js';
import { validateSmsJob } from '../domain/validate-sms-job.js';
import { isInBounds, parseTimestamp, TIMESTAMP_FORM } from '../domain/timestamp.js';
import { searchAttribute, searchAttributesOf } from '../workflows/search-attributes.js';
import { normalizeJob } from './normalize-job.js';
import { readRetryId } from './retry-id.js';

/** How one send is started. */
export interface SendOptions {
  /**
   * Makes repeated calls one send: the same account and key are the same send for as long as the
   * namespace keeps closed runs. 1 to 200 letters, digits or `.` `_` `:` `-`; it is stored in
   * clear, so it must not hold the recipient's number, nor end in `-retry-` and a number.
   *
   * @default a random UUID: every call is a send of its own
   */
  readonly idempotencyKey?: string | undefined;
  /**
   * When to send: a Date, or ISO 8601 with a time zone, at most a year ahead. The same as
   * `options.sendAt` of the job.
   *
   * @default at once
   */
  readonly sendAt?: Date | string | undefined;
  /**
   * The country of a number that is written without a country code: ISO 3166-1 alpha-2.
   *
   * @default `defaultRegion` of the client
   */
  readonly defaultRegion?: CountryCode | undefined;
}

/** A start of the workflow, checked. */
export interface StartRequest extends RunTimes {
  readonly workflowId: string;
  readonly job: SmsJob;
  /** Which lead this is about, for the Web UI; never the number. */
  readonly summary: string;
  /** Readable by everyone who sees the run, so ids only. */
  readonly memo: CorrelationIds;
  readonly searchAttributes: ReturnType<typeof searchAttributesOf>;
}

const IDEMPOTENCY_KEY = /^[A-Za-z0-9._:-]{1,200}$/;

/**
 * Checks a job and its options, and puts together what Temporal needs to start the run.
 *
 * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID, MESSAGE_REQUIRED
 */
export function toStartRequest(
  input: unknown,
  options: SendOptions,
  context: {
    readonly defaultRegion: CountryCode;
    /** Of a job that names none; @default transactional */
    readonly purpose?: 'transactional' | 'marketing' | undefined;
    /** Of a job that does not say; @default false */
    readonly follow?: boolean | undefined;
    readonly recipientKey: RecipientKey;
    readonly nowMs: number;
  },
): StartRequest {
  const normalized = normalizeJob(input, {
    defaultRegion: options.defaultRegion ?? context.defaultRegion,
    purpose: context.purpose,
    follow: context.follow,
  });
  const sendAtMs = whenToSend(normalized, options);
  assertWithinYear(sendAtMs, context.nowMs);
  const job = sendAtMs === undefined ? normalized : withSendAt(normalized, sendAtMs);
  const { expiresAt } = job.options ?? {};
  if (expiresAt !== undefined && Date.parse(expiresAt) > (sendAtMs ?? context.nowMs) + MAX_LIFETIME_MS) {
    throw new SmsError('VALIDATION_FAILED', {
      message: 'options.expiresAt must be within 30 days of the start of the send.',
    });
  }
  return {
    workflowId: workflowIdFor(job.accountId, readIdempotencyKey(options.idempotencyKey, job)),
    ...describeStart(job, context.recipientKey),
    ...runTimesOf(job, context.nowMs),
  };
}

/** What a run of this job, which was checked before, is described by. */
export function describeStart(
  job: SmsJob,
  recipientKey: RecipientKey,
): Omit<StartRequest, 'workflowId' | keyof RunTimes> {
  const ids = readCorrelationIds(job);
  return {
    job,
    summary: summaryOf(ids),
    memo: ids,
    searchAttributes: [
      ...searchAttributesOf(ids),
      searchAttribute('SmsRecipientKey', recipientKey(job.recipientPhone)),
    ],
  };
}

function summaryOf({ leadId, adId, huntId }: CorrelationIds): string {
  const ids = [
    ['lead', leadId],
    ['ad', adId],
    ['hunt', huntId],
  ].flatMap(([name, id]) => (id === undefined ? [] : [`${name} ${id}`]));
  return ids.length === 0 ? 'SMS without lead, ad or hunt' : `SMS to ${ids.join(', ')}`;
}

function readSendAt(sendAt: Date | string | undefined): number | undefined {
  if (sendAt === undefined) return undefined;
  const atMs = isDate(sendAt) ? sendAt.getTime() : parseTimestamp(sendAt);
  if (atMs === undefined || !isInBounds(atMs)) {
    throw new SmsError('VALIDATION_FAILED', { message: `sendAt must be a valid Date or ${TIMESTAMP_FORM}.` });
  }
  return atMs;
}

/** The job's own time to be sent at, or the one that is given beside it; epoch milliseconds. */
function whenToSend(job: SmsJob, options: SendOptions): number | undefined {
  const [ownMs, givenMs] = [sendAtOf(job), readSendAt(options.sendAt)];
  if (ownMs !== undefined && givenMs !== undefined && ownMs !== givenMs) {
    throw new SmsError('VALIDATION_FAILED', {
      message: 'sendAt and the options.sendAt of the job differ: pass one of them.',
    });
  }
  return givenMs ?? ownMs;
}

function withSendAt(job: SmsJob, sendAtMs: number): SmsJob {
  const sendAt = new Date(sendAtMs).toISOString();
  const expiresAt = job.options?.expiresAt ?? new Date(sendAtMs + defaultLifetimeOf(job)).toISOString();
  return validateSmsJob({ ...job, options: { ...job.options, sendAt, expiresAt } }, 'refuse');
}

function readIdempotencyKey(key: string | undefined, { accountId, recipientPhone }: SmsJob): string {
  if (key === undefined) return randomUUID();
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)) {
    throw new SmsError('VALIDATION_FAILED', {
      message: 'idempotencyKey must be 1 to 200 letters, digits or . _ : -',
    });
  }
  if (holdsNumber(key, recipientPhone)) {
    throw new SmsError('VALIDATION_FAILED', {
      message:
        'idempotencyKey must not contain the phone number, because workflow ids are stored in clear. Use the lead id.',
    });
  }
  if (readRetryId(workflowIdFor(accountId, key)).number > 0) {
    throw new SmsError('VALIDATION_FAILED', {
      message: 'idempotencyKey must not end with "-retry-" and a number, because workflow ids of retries do.',
    });
  }
  return key;
}
