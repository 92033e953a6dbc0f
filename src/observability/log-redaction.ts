import type { LoggerOptions } from 'pino';
import { isRecord } from '../domain/is-record.js';
import { describeError } from './describe-error.js';

/** Fields that never hold an id, wherever they turn up. */
const PERSONAL = [
  'recipientPhone',
  'recipient',
  'phone',
  'number',
  'apiKey',
  'apikey',
  'encryptedApiKey',
  'sealedApiKey',
  'smsApiKey',
  'sms_api_key',
  'authorization',
  'token',
  'password',
  'databaseUrl',
  'payloadKeys',
];

/** What holds a job. An error of ours has a message too, which may be shown. */
const JOBS = ['job', 'input', 'request', 'args[*]', 'jobs[*]'];

/**
 * A number in E.164, with its plus. Ids have none: they, times and digests are left as they are,
 * whatever digits they hold.
 */
const E164 = /\+[1-9]\d{6,14}(?!\d)/g;

/**
 * What is redacted although it should never be logged: fields of personal names, numbers in any
 * text, and the texts of errors. The lists of ids in front of this keep logs clean; this catches
 * the line that gets past them.
 */
export const LOG_REDACTION = {
  redact: {
    paths: [
      ...PERSONAL.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*[*].${name}`]),
      'message',
      ...JOBS.flatMap((job) => [`${job}.message`, `*.${job}.message`]),
    ],
    censor: '[redacted]',
  },
  serializers: { err: describeIfError, error: describeIfError },
  hooks: {
    logMethod(args, method) {
      const [first, ...rest] = args as [unknown, ...string[]];
      // Left alone, pino takes an error's message for the line's.
      if (first instanceof Error) method.apply(this, [{ err: first }, rest[0] ?? 'failed']);
      else if (isRecord(first) && first['err'] instanceof Error)
        method.apply(this, [first, rest[0] ?? 'failed']);
      else method.apply(this, args);
    },
    streamWrite: (line) => line.replaceAll(E164, '[number]'),
  },
} satisfies LoggerOptions;

function describeIfError(value: unknown): unknown {
  return value instanceof Error ? describeError(value) : value;
}
