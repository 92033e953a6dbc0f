/** What the workflow does about a failure that carries a code. */
export type SmsErrorRetry =
  /** Final: the send ends with this code. */
  | 'never'
  /** May pass: tried again, with back-off, until the message's deadline. */
  | 'until-deadline'
  /** Maybe sent: never tried again blindly. */
  | 'after-reconciliation';

/** What a code means. */
export interface SmsErrorRule {
  /** Whether the send itself tries again. */
  readonly retried: SmsErrorRetry;
  /** What people read of it: names no number, text, key or address. */
  readonly sentence: string;
}

/** A code that a send can end with: the `type` of the workflow's ApplicationFailure. */
export type SmsRunErrorCode =
  | 'VALIDATION_FAILED'
  | 'PHONE_NUMBER_INVALID'
  | 'MESSAGE_REQUIRED'
  | 'RECIPIENT_OPTED_OUT'
  | 'API_KEY_REQUIRED'
  | 'ENCRYPTION_KEY_MISSING'
  | 'API_KEY_DECRYPTION_FAILED'
  | 'API_KEY_INVALID'
  | 'MESSAGE_SEND_FAILED'
  | 'DATABASE_UNAVAILABLE'
  | 'PROVIDER_UNAVAILABLE'
  | 'RATE_LIMITED'
  | 'SEND_OUTCOME_UNKNOWN'
  | 'MESSAGE_EXPIRED';

/** A code that only a client meets. */
export type SmsClientErrorCode =
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'CANCELLED'
  | 'TERMINATED'
  | 'TIMED_OUT'
  | 'NOT_FOUND'
  | 'NOT_HELD'
  | 'TEMPORAL_UNAVAILABLE'
  | 'TEMPORAL_REFUSED';

/** Every code that an {@link SmsError} can carry. */
export type SmsErrorCode = SmsRunErrorCode | SmsClientErrorCode;

/**
 * What each code means that a send can end with, and what the send does about it. The retry
 * policies and the workflow's own decisions are made from this table.
 *
 * @example
 * const isFinal = SMS_ERRORS.MESSAGE_EXPIRED.retried === 'never';
 */
export const SMS_ERRORS: Readonly<Record<SmsRunErrorCode, SmsErrorRule>> = {
  VALIDATION_FAILED: { retried: 'never', sentence: 'The job is not valid.' },
  PHONE_NUMBER_INVALID: {
    retried: 'never',
    sentence: 'The recipient is missing, or is not a number that can receive SMS.',
  },
  MESSAGE_REQUIRED: { retried: 'never', sentence: 'The message is missing, or contains nothing visible.' },
  RECIPIENT_OPTED_OUT: {
    retried: 'never',
    sentence: 'The recipient has opted out of messages from this account. The message was not sent.',
  },
  API_KEY_REQUIRED: { retried: 'never', sentence: 'The account does not exist or has no SMSMobileAPI key.' },
  ENCRYPTION_KEY_MISSING: { retried: 'never', sentence: 'The worker has no key to decrypt API keys.' },
  API_KEY_DECRYPTION_FAILED: {
    retried: 'never',
    sentence:
      'The stored API key cannot be decrypted: the encryption key is wrong, or the ciphertext is damaged.',
  },
  API_KEY_INVALID: { retried: 'never', sentence: 'SMSMobileAPI rejects the API key or its subscription.' },
  MESSAGE_SEND_FAILED: { retried: 'never', sentence: 'SMSMobileAPI rejects the message.' },
  DATABASE_UNAVAILABLE: { retried: 'until-deadline', sentence: 'PostgreSQL cannot be read at the moment.' },
  PROVIDER_UNAVAILABLE: {
    retried: 'until-deadline',
    sentence: 'SMSMobileAPI cannot accept the message at the moment. It was not sent.',
  },
  RATE_LIMITED: {
    retried: 'until-deadline',
    sentence: 'SMSMobileAPI limits the rate of requests. The message was not sent.',
  },
  SEND_OUTCOME_UNKNOWN: { retried: 'after-reconciliation', sentence: 'The message may have been sent.' },
  MESSAGE_EXPIRED: {
    retried: 'never',
    sentence: 'The deadline passed before the message could be sent. It was not sent.',
  },
};

/** What people read of each code that only a client meets. */
export const SMS_CLIENT_ERRORS: Readonly<Record<SmsClientErrorCode, string>> = {
  IDEMPOTENCY_KEY_REUSED: 'This idempotency key belongs to another job.',
  CANCELLED: 'The send was cancelled. The message was not sent.',
  TERMINATED: 'An operator terminated the run. The message may have been sent.',
  TIMED_OUT: 'A Temporal time-out ended the run. The message may have been sent.',
  NOT_FOUND:
    'The send does not exist, or is older than the retention of the namespace. To find workflow ids by lead: npx durable-sms list --lead ID.',
  NOT_HELD: 'The send is not held.',
  TEMPORAL_UNAVAILABLE:
    'The Temporal server cannot be reached or does not answer. Try again with the same idempotency key.',
  TEMPORAL_REFUSED:
    'The Temporal server rejects this request and will continue to reject it until the set-up changes.',
};

/** What is known of a failure beside its code; the Web UI shows it as `details[0]`. */
export interface SmsErrorDetails {
  /** The provider's own code, if it answered with one that holds nothing personal. */
  readonly providerCode?: string;
  /** The HTTP status of the provider's answer. */
  readonly httpStatus?: number;
  /**
   * With TEMPORAL_UNAVAILABLE and TEMPORAL_REFUSED: the gRPC status of the answer (grpc.io, "Status
   * codes").
   */
  readonly grpcStatus?: number;
  /** Which request to the provider this was, from 1; 0 if none was made. */
  readonly attempt?: number;
  /** With a followed send: the provider's id of the message that its phone failed to send. */
  readonly messageId?: string;
  /** With a followed send: when the provider had accepted it, ISO 8601, UTC. */
  readonly acceptedAt?: string;
  /** With `acceptedAt`: since when the sent messages show it as failed, ISO 8601, UTC. */
  readonly failedSince?: string;
  /** With CANCELLED, TERMINATED and TIMED_OUT: the message may have been sent. */
  readonly maybeSent?: true;
  /** With IDEMPOTENCY_KEY_REUSED: the names of the fields that differ, never their values. */
  readonly fields?: readonly string[];
}

/** What an {@link SmsError} is made with, beside its code. */
export interface SmsErrorOptions {
  /**
   * A whole sentence for people, which replaces the code's own.
   *
   * @default the code's own sentence
   */
  readonly message?: string | undefined;
  /**
   * What else is known of the failure.
   *
   * @default {}
   */
  readonly details?: SmsErrorDetails | undefined;
  /** The send that the error is about. */
  readonly workflowId?: string | undefined;
  /** What caused it: never an error that may quote a number, a text or a key. */
  readonly cause?: unknown;
}

/**
 * `details[1]` of a failed request to the provider, for the workflow: it cannot read a failure's
 * `nextRetryDelay`.
 */
export interface RetryAdvice {
  /** The wait that Retry-After requested, in milliseconds. */
  readonly retryAfterMs?: number;
  /**
   * Not sent by the provider's word alone: its sent messages are read before the request is
   * repeated.
   */
  readonly lookBeforeRepeat?: true;
  /**
   * The reset run that was kept from sending; workflow code must not look at its run id by itself.
   */
  readonly refusedRunId?: string;
  /** Nothing was requested, as the moment that was granted has passed: ask for another. */
  readonly momentMissed?: true;
}

const RUN_CODES = Object.keys(SMS_ERRORS) as SmsRunErrorCode[];

/** The codes that Temporal must never retry by itself, for `nonRetryableErrorTypes`. */
export const NON_RETRYABLE: readonly SmsRunErrorCode[] = RUN_CODES.filter((code) => !isTransient(code));

/** Whether a failure with this code proves that nothing was sent and is worth another try. */
export function isTransient(code: SmsRunErrorCode): boolean {
  return SMS_ERRORS[code].retried === 'until-deadline';
}

/**
 * Whether this is a code that a send can end with, as the `type` of a failure in Temporal.
 *
 * @example
 * const isOurs = isSmsRunErrorCode(failure.type);
 */
export function isSmsRunErrorCode(type: unknown): type is SmsRunErrorCode {
  return typeof type === 'string' && Object.hasOwn(SMS_ERRORS, type);
}

/**
 * The sentence that people read for a code.
 *
 * @example
 * sentenceFor('CANCELLED'); // 'The send was cancelled. The message was not sent.'
 */
export function sentenceFor(code: SmsErrorCode): string {
  return isSmsRunErrorCode(code) ? SMS_ERRORS[code].sentence : SMS_CLIENT_ERRORS[code];
}

/**
 * The one error of this package: a code, a sentence, and details that hold nothing personal.
 *
 * @example
 * try {
 *   await sent.result();
 * } catch (error) {
 *   if (error instanceof SmsError && error.code === 'MESSAGE_EXPIRED') await tellTheUser();
 *   else throw error;
 * }
 */
export class SmsError extends Error {
  /** Always `SmsError`. */
  override readonly name = 'SmsError';
  /** What went wrong, for code. */
  readonly code: SmsErrorCode;
  /** What else is known of the failure. */
  readonly details: SmsErrorDetails;
  /** The send that the error is about, where there is one. */
  readonly workflowId: string | undefined;

  /** Makes an error with the sentence of its code, or with a sentence of its own. */
  constructor(code: SmsErrorCode, options: SmsErrorOptions = {}) {
    super(
      options.message ?? sentenceFor(code),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.details = options.details ?? {};
    this.workflowId = options.workflowId;
  }
}
