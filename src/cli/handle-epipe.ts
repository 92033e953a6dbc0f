import type { CliRun } from './cli-run.js';

/**
 * Keeps quiet when whoever reads the output has seen enough: `durable-sms list --all | head`. What
 * only reads ends then, with the exit code that it has so far; what changes something is carried to
 * its end.
 */
export function handleEpipe(cli: CliRun, { onlyReads }: { readonly onlyReads: boolean }): void {
  // For good: the last line's error comes after the end of the run.
  cli.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (onlyReads) cli.exit(cli.exitCode);
  });
}
