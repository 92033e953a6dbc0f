/** What the workflow does about a failure that carries this code. */
type Retried =
  /** Final: the run ends with this code. */
  | 'never'
  /** May pass: tried again, with back-off, until the message's deadline. */
  | 'until-deadline'
  /** Maybe sent: never tried again blindly. */
  | 'after-settling';

interface ErrorRule {
  readonly retried: Retried;
  /** What people read of it: names no number, text, key or address. */
  readonly sentence: string;
}

/**
 * Every code that a run can fail with, and what is done about it: the retry policies and the workflow's own
 * decisions are both made from this table.
 */
export const SMS_ERRORS = {
  VALIDATION_FAILED: { retried: 'never', sentence: 'The job is not valid.' },
  PHONE_NUMBER_INVALID: {
    retried: 'never',
    sentence: 'The recipient is missing, or no number that can receive an SMS.',
  },
  MESSAGE_REQUIRED: { retried: 'never', sentence: 'The message is missing, or shows nothing.' },
  API_KEY_REQUIRED: { retried: 'never', sentence: 'The account does not exist or has no SMSMobileAPI key.' },
  ENCRYPTION_KEY_MISSING: { retried: 'never', sentence: 'The worker has no key to decrypt API keys with.' },
  API_KEY_DECRYPTION_FAILED: {
    retried: 'never',
    sentence: 'The stored API key cannot be decrypted: wrong key, or damaged ciphertext.',
  },
  API_KEY_INVALID: { retried: 'never', sentence: 'SMSMobileAPI refuses the API key or its subscription.' },
  MESSAGE_SEND_FAILED: { retried: 'never', sentence: 'SMSMobileAPI refuses the message.' },
  DATABASE_UNAVAILABLE: { retried: 'until-deadline', sentence: 'PostgreSQL cannot be read now.' },
  PROVIDER_UNAVAILABLE: {
    retried: 'until-deadline',
    sentence: 'SMSMobileAPI cannot take the message now; it was not sent.',
  },
  RATE_LIMITED: {
    retried: 'until-deadline',
    sentence: 'SMSMobileAPI asks to slow down; the message was not sent.',
  },
  SEND_OUTCOME_UNKNOWN: { retried: 'after-settling', sentence: 'The message may have been sent.' },
  MESSAGE_EXPIRED: {
    retried: 'never',
    sentence: 'The deadline passed before the message could be sent; it was not sent.',
  },
} as const satisfies Record<string, ErrorRule>;

/** A code that a run can fail with: `type` of the workflow's ApplicationFailure. */
export type SmsRunErrorCode = keyof typeof SMS_ERRORS;

/** Codes that only a client meets. */
export const SMS_CLIENT_ERRORS = {
  IDEMPOTENCY_KEY_REUSED: 'This idempotency key belongs to another job.',
  CANCELLED: 'The send was cancelled; it was not sent.',
  TERMINATED: 'The run was terminated by an operator; the message may have been sent.',
  TIMED_OUT: 'The run was ended by a Temporal time-out; the message may have been sent.',
  NOT_FOUND:
    'There is no such send, or it is older than the retention of the namespace. Workflow ids by lead: npx durable-sms list --lead ID.',
  NOT_HELD: 'The send is not held.',
  TEMPORAL_UNAVAILABLE:
    'The Temporal server cannot be reached or does not answer: try again, with the same idempotency key.',
  TEMPORAL_REFUSED: 'The Temporal server refuses this request, and will until the set-up is changed.',
} as const;

/** Every code that an {@link SmsError} can carry. */
export type SmsErrorCode = SmsRunErrorCode | keyof typeof SMS_CLIENT_ERRORS;

/** `details[0]` of a failure, as the Web UI shows it. */
export interface SmsErrorDetails {
  /** The provider's own code, if it answered with one that holds nothing personal. */
  readonly providerCode?: string;
  readonly httpStatus?: number;
  /** With TEMPORAL_UNAVAILABLE and TEMPORAL_REFUSED: what Temporal, or the way there, answered (grpc.io, "Status codes"). */
  readonly grpcStatus?: number;
  /** Which request to the provider this was, from 1; 0 if none was made. */
  readonly attempt?: number;
  /** With CANCELLED: its last request has no clear answer. With TERMINATED, TIMED_OUT: the run could not say what it knew. */
  readonly maybeSent?: true;
  /** With IDEMPOTENCY_KEY_REUSED: the names of the fields that differ. */
  readonly fields?: readonly string[];
}

/** `details[1]` of a failed request to the provider, for the workflow: it cannot read a failure's `nextRetryDelay`. */
export interface RetryAdvice {
  /** The wait that Retry-After asked for, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Not sent by the provider's word alone: its sent messages are read before the request is repeated. */
  readonly lookBeforeRepeat?: true;
  /** The reset run that was kept from sending; workflow code must not look at its run id by itself. */
  readonly refusedRunId?: string;
}

const RUN_CODES = Object.keys(SMS_ERRORS) as SmsRunErrorCode[];

/** The codes that Temporal must never retry by itself, for `nonRetryableErrorTypes`. */
export const NEVER_RETRIED: readonly SmsRunErrorCode[] = RUN_CODES.filter((code) => !mayPass(code));

/** Whether a failure with this code proves that nothing was sent and is worth another try. */
export function mayPass(code: SmsRunErrorCode): boolean {
  return SMS_ERRORS[code].retried === 'until-deadline';
}

/** Whether a failure's `type` is one of the codes of a run. */
export function isSmsRunErrorCode(type: unknown): type is SmsRunErrorCode {
  return typeof type === 'string' && Object.hasOwn(SMS_ERRORS, type);
}

/** The sentence that people read for a code. */
export function sentenceFor(code: SmsErrorCode): string {
  return isSmsRunErrorCode(code) ? SMS_ERRORS[code].sentence : SMS_CLIENT_ERRORS[code];
}

/** The one error of this package: a code, a sentence, and details that hold nothing personal. */
export class SmsError extends Error {
  override readonly name = 'SmsError';
  readonly code: SmsErrorCode;
  readonly details: SmsErrorDetails;
  /** The run that the error is about, where there is one. */
  readonly workflowId: string | undefined;

  /** `message` is appended to nothing: give a whole sentence, or leave it out for the code's own. */
  constructor(
    code: SmsErrorCode,
    options: { message?: string; details?: SmsErrorDetails; workflowId?: string; cause?: unknown } = {},
  ) {
    super(
      options.message ?? sentenceFor(code),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.details = options.details ?? {};
    this.workflowId = options.workflowId;
  }
}
