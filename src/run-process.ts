import { ConfigError } from './config.js';
import { framesOf } from './error-frames.js';

/** A reason not to start that the operator can act on. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/**
 * Runs a process to its end; what goes wrong is one line on standard error, and exit code 1. `what`
 * is its name: "The worker".
 */
export async function runProcess(what: string, main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const known = error instanceof ConfigError || error instanceof StartError;
    const unexpected = `${what} stopped: unexpected error (${codeOf(error)}). Its message may contain secrets and is not shown.`;
    const lines = known ? [error.message] : [unexpected, ...framesOf(error)];
    process.stderr.write(`${lines.join('\n')}\n`);
    // At once: what is half started would keep the process alive, and with it a worker's place in a
    // deployment.
    process.exit(1);
  }
}

/** The code of a system's or gRPC's error. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
