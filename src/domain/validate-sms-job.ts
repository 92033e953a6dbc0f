import type { z } from 'zod';
import { SmsError, type SmsErrorCode } from './errors.js';
import { isVisible, isWellFormed } from './message-text.js';
import { holdsNumber, type SmsJob } from './sms-job.js';
import { parseSmsJob } from './sms-job-schema.js';

/**
 * The job, checked.
 *
 * @param unknownFields whether fields that no job has are dropped (workflow) or are an error
 *   (client)
 * @param context why the recipient could not be made E.164 (`recipientProblem`), in words that
 *   follow the field's name
 * @throws SmsError VALIDATION_FAILED, PHONE_NUMBER_INVALID or MESSAGE_REQUIRED (none is retried);
 *   its message names each field and what is wrong with it, never a value
 */
export function validateSmsJob(
  input: unknown,
  unknownFields: 'ignore' | 'refuse',
  context: { readonly recipientProblem?: string } = {},
): SmsJob {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new SmsError('VALIDATION_FAILED', { message: 'The job must be an object.' });
  }
  const parsed = parseSmsJob(input, unknownFields);
  if (parsed.success) return expiringAfterSendAt(withoutNumberInIds(parsed.data));
  const { issues } = parsed.error;
  throw new SmsError(codeFor(issues, input as Record<string, unknown>), {
    message: `The job is not valid: ${issues.map((issue) => describe(issue, context)).join('; ')}.`,
  });
}

function withoutNumberInIds(job: SmsJob): SmsJob {
  for (const [name, id] of Object.entries({ ...job.metadata })) {
    if (id !== undefined && holdsNumber(id, job.recipientPhone)) {
      throw new SmsError('VALIDATION_FAILED', {
        message: `The job is not valid: metadata.${name}: must not contain the phone number, because ids are stored in clear.`,
      });
    }
  }
  return job;
}

function expiringAfterSendAt(job: SmsJob): SmsJob {
  const { sendAt, expiresAt } = job.options ?? {};
  if (sendAt !== undefined && expiresAt !== undefined && Date.parse(expiresAt) <= Date.parse(sendAt)) {
    throw new SmsError('VALIDATION_FAILED', {
      message: 'The job is not valid: options.expiresAt must be later than sendAt.',
    });
  }
  return job;
}

type Issue = z.core.$ZodIssue;

/** A single problem that concerns only the recipient or only the message has a code of its own. */
function codeFor(issues: readonly Issue[], input: Record<string, unknown>): SmsErrorCode {
  const [issue] = issues;
  if (issues.length !== 1 || issue?.path.length !== 1) return 'VALIDATION_FAILED';
  const [field] = issue.path;
  if (field !== 'recipientPhone' && field !== 'message') return 'VALIDATION_FAILED';
  const value = input[field];
  const missing = value === undefined || value === null;
  if (!missing && typeof value !== 'string') return 'VALIDATION_FAILED';
  if (field === 'recipientPhone') return 'PHONE_NUMBER_INVALID';
  return missing || (isWellFormed(value) && !isVisible(value)) ? 'MESSAGE_REQUIRED' : 'VALIDATION_FAILED';
}

function describe(issue: Issue, { recipientProblem }: { readonly recipientProblem?: string }): string {
  const place = issue.path.join('.') || 'the job';
  if (place === 'recipientPhone' && recipientProblem !== undefined) return `${place}: ${recipientProblem}`;
  if (issue.code === 'unrecognized_keys') {
    return `${place} has unknown fields (${issue.keys.map(printableKey).join(', ')})`;
  }
  return `${place}: ${issue.message}`;
}

/** The name of an unknown field comes from outside: it is repeated only if it looks like a name. */
function printableKey(key: string): string {
  return /^[A-Za-z_][A-Za-z_]{0,39}$/.test(key) ? key : '(not a field name)';
}
