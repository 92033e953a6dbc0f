import { randomUUID } from 'node:crypto';
import type { CountryCode } from 'libphonenumber-js';
import type { RecipientKey } from '../crypto/recipient-key.js';
import { SmsError } from '../domain/errors.js';
import { workflowIdFor } from '../domain/names.js';
import { DEFAULT_LIFETIME_MS, LONGEST_LIFETIME_MS } from '../domain/schedule.js';
import { holdsNumber, readTraceIds, type SmsJob, type TraceIds } from '../domain/sms-job.js';
import { searchAttribute, searchAttributesOf } from '../workflows/search-attributes.js';
import { normalizeJob } from './normalize-job.js';
import { readRetryId } from './retry-id.js';

/** How one send is started. */
export interface SendOptions {
  /**
   * The same account and key are the same send, for as long as the namespace keeps closed runs: 1 to 200 letters, digits
   * or . _ : -, never the recipient's number, and no `-retry-` and number at the end. Without one, every call is a send of its own.
   */
  readonly idempotencyKey?: string;
  /** When to send: a Date, or ISO 8601. The message expires 24 h later unless `options.expiresAt` says otherwise. */
  readonly sendAt?: Date | string;
  /** Where a number without country code is from, instead of the client's own default. */
  readonly defaultRegion?: CountryCode;
}

/** A start of the workflow, checked. */
export interface StartRequest {
  readonly workflowId: string;
  readonly job: SmsJob;
  /** Which lead this is about, for the Web UI; never the number. */
  readonly summary: string;
  /** Readable by everyone who sees the run, so ids only. */
  readonly memo: TraceIds;
  readonly searchAttributes: ReturnType<typeof searchAttributesOf>;
  /** Milliseconds; 0 for at once. */
  readonly startDelayMs: number;
}

/** A year, in milliseconds. */
const LONGEST_START_DELAY_MS = 365 * 24 * 60 * 60 * 1000;

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
    readonly recipientKey: RecipientKey;
    readonly nowMs: number;
  },
): StartRequest {
  const normalized = normalizeJob(input, options.defaultRegion ?? context.defaultRegion);
  const sendAtMs = readSendAt(options.sendAt);
  if (sendAtMs !== undefined && sendAtMs > context.nowMs + LONGEST_START_DELAY_MS) {
    throw new SmsError('VALIDATION_FAILED', { message: 'sendAt must lie within a year from now.' });
  }
  const job = sendAtMs === undefined ? normalized : withExpiry(normalized, sendAtMs);
  const { expiresAt } = job.options ?? {};
  if (expiresAt !== undefined && Date.parse(expiresAt) > (sendAtMs ?? context.nowMs) + LONGEST_LIFETIME_MS) {
    throw new SmsError('VALIDATION_FAILED', {
      message: 'options.expiresAt must lie within 30 days from the start of the send.',
    });
  }
  return {
    workflowId: workflowIdFor(job.accountId, readIdempotencyKey(options.idempotencyKey, job)),
    ...describeStart(job, context.recipientKey),
    startDelayMs: sendAtMs === undefined ? 0 : Math.max(0, sendAtMs - context.nowMs),
  };
}

/** What a run of this job, which was checked before, is described by. */
export function describeStart(
  job: SmsJob,
  recipientKey: RecipientKey,
): Omit<StartRequest, 'workflowId' | 'startDelayMs'> {
  const ids = readTraceIds(job);
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

function summaryOf({ leadId, adId, huntId }: TraceIds): string {
  const ids = [
    ['lead', leadId],
    ['ad', adId],
    ['hunt', huntId],
  ].flatMap(([name, id]) => (id === undefined ? [] : [`${name} ${id}`]));
  return ids.length === 0 ? 'SMS without lead, ad or hunt' : `SMS to ${ids.join(', ')}`;
}

function readSendAt(sendAt: Date | string | undefined): number | undefined {
  if (sendAt === undefined) return undefined;
  const atMs = sendAt instanceof Date ? sendAt.getTime() : parseIso8601(sendAt);
  if (!Number.isFinite(atMs)) {
    throw new SmsError('VALIDATION_FAILED', {
      message: 'sendAt must be a valid Date or an ISO 8601 time with a zone.',
    });
  }
  return atMs;
}

function parseIso8601(text: unknown): number {
  const withZone = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;
  return typeof text === 'string' && withZone.test(text) ? Date.parse(text) : Number.NaN;
}

function withExpiry(job: SmsJob, sendAtMs: number): SmsJob {
  const expiresAt = job.options?.expiresAt ?? new Date(sendAtMs + DEFAULT_LIFETIME_MS).toISOString();
  if (Date.parse(expiresAt) <= sendAtMs) {
    throw new SmsError('VALIDATION_FAILED', { message: 'options.expiresAt must lie after sendAt.' });
  }
  return { ...job, options: { ...job.options, expiresAt } };
}

function readIdempotencyKey(key: string | undefined, { accountId, recipientPhone }: SmsJob): string {
  if (key === undefined) return randomUUID();
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)) {
    throw new SmsError('VALIDATION_FAILED', {
      message: 'idempotencyKey must be 1 to 200 letters, digits or . _ : - characters.',
    });
  }
  if (holdsNumber(key, recipientPhone)) {
    throw new SmsError('VALIDATION_FAILED', {
      message:
        'idempotencyKey must not hold the phone number: workflow ids are stored in clear. Use the lead id.',
    });
  }
  if (readRetryId(workflowIdFor(accountId, key)).number > 0) {
    throw new SmsError('VALIDATION_FAILED', {
      message: 'idempotencyKey must not end in "-retry-" and a number: workflow ids of retries do.',
    });
  }
  return key;
}
