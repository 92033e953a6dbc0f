import { ConfigError } from '../config.js';
import { SmsError } from '../domain/errors.js';
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
]);

/** The exit code and the words for whatever a command threw; never a stack trace for what people can mend. */
export function describeCliError(error: unknown): { exitCode: number; message: string } {
  if (error instanceof UsageError || error instanceof ConfigError)
    return { exitCode: EXIT.usage, message: error.message };
  if (error instanceof SmsError) {
    const hint =
      error.code === 'TEMPORAL_UNAVAILABLE' ? ' Check TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE.' : '';
    return {
      exitCode: USAGE_CODES.has(error.code) ? EXIT.usage : EXIT.failed,
      // A run's own sentence may come from code that is not ours.
      message: printable(`${error.code}: ${error.message}${hint}`),
    };
  }
  return {
    exitCode: EXIT.failed,
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
