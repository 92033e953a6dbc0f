import { ConfigError } from '../config.js';
import { SmsError, type SmsErrorCode } from '../domain/errors.js';
import { framesOf } from '../error-frames.js';
import { printable } from './printable.js';

/** What `durable-sms` exits with. */
export const EXIT = {
  ok: 0,
  /** The send failed, or something could not be reached. */
  failed: 1,
  /** The command line, the environment or the job is wrong: nothing was started. */
  usage: 2,
} as const;

/** A wrong command line, in a sentence that says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const USAGE_CODES = new Set([
  'VALIDATION_FAILED',
  'PHONE_NUMBER_INVALID',
  'MESSAGE_REQUIRED',
  'IDEMPOTENCY_KEY_REUSED',
  'TEMPORAL_REFUSED',
]);

const HINTS: Partial<Record<SmsErrorCode, string>> = {
  TEMPORAL_UNAVAILABLE: ' If this persists, check TEMPORAL_ADDRESS.',
  TEMPORAL_REFUSED: ' Check TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, and TEMPORAL_API_KEY or TEMPORAL_TLS_….',
};

const UNEXPECTED = 'Unexpected error. Its message may contain secrets and is not shown.';

/**
 * The exit code and the words for anything that a command threw; of what is not ours, only where in
 * the code it was.
 */
export function describeCliError(error: unknown): { exitCode: number; message: string } {
  if (error instanceof UsageError || error instanceof ConfigError)
    return { exitCode: EXIT.usage, message: error.message };
  if (error instanceof SmsError) {
    return {
      exitCode: USAGE_CODES.has(error.code) ? EXIT.usage : EXIT.failed,
      // A run's own sentence may come from code that is not ours.
      message: printable(`${error.code}: ${error.message}${HINTS[error.code] ?? ''}`),
    };
  }
  return { exitCode: EXIT.failed, message: [UNEXPECTED, ...framesOf(error)].join('\n') };
}
