import { z } from 'zod';
import { fieldsOf } from './is-record.js';
import { isVisible, isWellFormed } from './message-text.js';
import { MAX_CHECK_MS, MAX_FOLLOW_CHECK_MS } from './replayed-constants.js';
import { countSegments, MAX_SEGMENTS } from './segments.js';
import {
  holdsNumber,
  type SmsJob,
  type SmsMetadata,
  type SmsOptions,
  type CorrelationIds,
} from './sms-job.js';
import { parseTimestamp, TIMESTAMP_FORM } from './timestamp.js';

/** E.164: a plus, a country code that does not start with 0, 7 to 15 digits in all. */
const E164 = /^\+[1-9]\d{6,14}$/;

/**
 * What hunt, ad and lead ids may look like: they are stored in clear, so nothing else may get in.
 */
const TRACE_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** RFC 9562, any version. */
const GUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;

/** No text of more characters fits into 255 segments, whatever they are. */
export const MAX_MESSAGE_LENGTH = MAX_SEGMENTS * 153;

const traceId = z.string().regex(TRACE_ID, 'must be 1 to 128 letters, digits or . _ : -');

const timestamp = z
  .string()
  .refine((text) => parseTimestamp(text) !== undefined, `must be ${TIMESTAMP_FORM}`);

/**
 * A schema for each field of `T`: a field that is missing, unknown or of another type does not
 * compile.
 */
type Shape<T> = { readonly [Field in keyof T]-?: z.ZodType<T[Field]> };

const metadataShape = {
  huntId: traceId.optional(),
  adId: traceId.optional(),
  leadId: traceId.optional(),
} satisfies Shape<SmsMetadata>;

const optionsShape = {
  onUnknown: z.enum(['resend', 'hold', 'fail']).optional(),
  maxResends: z.number().int().min(0).max(5).optional(),
  unknownChecksMs: checksUpTo(MAX_CHECK_MS, '24 hours').optional(),
  follow: z.boolean().optional(),
  followChecksMs: checksUpTo(MAX_FOLLOW_CHECK_MS, '7 days').optional(),
  /** Travels in the job, too: any update wakes a run that waits out Temporal's start delay. */
  sendAt: timestamp.optional(),
  expiresAt: timestamp.optional(),
  purpose: z.enum(['transactional', 'marketing']).optional(),
  // Whether the zone exists is for the database's side to say: the sandbox's zones may differ at a
  // replay.
  timeZone: z
    .string()
    .regex(
      /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/,
      'must be an IANA time zone such as Europe/Paris',
    )
    .max(64, 'must be an IANA time zone such as Europe/Paris')
    .optional(),
  sendingPhoneId: z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable characters')
    .optional(),
  simSlot: z.union([z.literal(1), z.literal(2)]).optional(),
  // Read by the client, which knows the numbering plans; every number in E.164 is one to the
  // workflow.
  allowAnyNumber: z.boolean().optional(),
} satisfies Shape<SmsOptions>;

const jobShape = {
  recipientPhone: z.string().regex(E164, 'must be a phone number in E.164 form'),
  message: z
    .string()
    .refine(isWellFormed, {
      error: 'must be well-formed Unicode, but contains half a character (such as an emoji cut in two)',
      abort: true,
    })
    .refine(isVisible, { error: 'must contain something visible', abort: true })
    .refine(
      fitsIntoSegments,
      `must fit into ${MAX_SEGMENTS} segments: 39,015 GSM-7 characters, or 17,085 UCS-2 characters as soon as one emoji or other character is outside GSM-7`,
    ),
  accountId: z.string().regex(GUID, 'must be a UUID'),
} satisfies Partial<Shape<SmsJob>>;

// No schema is exported: all runs of a worker share this module, and the SDK freezes whatever its
// exports lead to. Zod fills its schemas when they are first used, and sets `lastIndex` of their
// patterns, its own GUID's too.

/** The job as the workflow reads it: what it does not know is ignored. */
const smsJobSchema = z.object({
  ...jobShape,
  metadata: z.object(metadataShape).optional(),
  options: z.object(optionsShape).optional(),
} satisfies Shape<SmsJob>);

/**
 * The job as the client takes it: what it does not know is refused, so that a misspelt option is
 * noticed.
 */
const strictSmsJobSchema = z.strictObject({
  ...jobShape,
  metadata: z.strictObject(metadataShape).optional(),
  options: z.strictObject(optionsShape).optional(),
} satisfies Shape<SmsJob>);

/** Reads a job; fields that no job has are dropped (`ignore`), or are an error (`refuse`). */
export function parseSmsJob(
  input: unknown,
  unknownFields: 'ignore' | 'refuse',
): z.ZodSafeParseResult<SmsJob> {
  return (unknownFields === 'ignore' ? smsJobSchema : strictSmsJobSchema).safeParse(input);
}

/** Whether this may be the id of a hunt, an ad or a lead. */
export function isCorrelationId(value: unknown): boolean {
  return traceId.safeParse(value).success;
}

/** Whether this is the id of an account, a UUID. */
export function isAccountId(value: unknown): boolean {
  return jobShape.accountId.safeParse(value).success;
}

/** The correlation ids of a value that came as a job, each only if it is well-formed. */
export function readCorrelationIds(input: unknown): CorrelationIds {
  const job = fieldsOf(input);
  const metadata = fieldsOf(job['metadata']);
  const ids = {
    huntId: traceId.safeParse(metadata['huntId']).data,
    adId: traceId.safeParse(metadata['adId']).data,
    leadId: traceId.safeParse(metadata['leadId']).data,
    accountId: jobShape.accountId.safeParse(job['accountId']).data?.toLowerCase(),
  };
  const recipientPhone = readRecipient(job);
  const isClean = (id: string | undefined) =>
    id !== undefined && (recipientPhone === undefined || !holdsNumber(id, recipientPhone));
  return Object.fromEntries(Object.entries(ids).filter(([, id]) => isClean(id)));
}

/** The recipient of a value that came as a job, if it is E.164. */
function readRecipient(input: unknown): string | undefined {
  return jobShape.recipientPhone.safeParse(fieldsOf(input)['recipientPhone']).data;
}

/** The moments of some checks, in milliseconds; `words` names the greatest. */
function checksUpTo(maxMs: number, words: string) {
  return z
    .array(z.number().int().positive().max(maxMs, `must lie within ${words}`))
    .min(1)
    .max(10)
    .refine(
      (values) => values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0)),
      'must be ascending',
    );
}

function fitsIntoSegments(text: string): boolean {
  return text.length <= MAX_MESSAGE_LENGTH && countSegments(text).segments <= MAX_SEGMENTS;
}
