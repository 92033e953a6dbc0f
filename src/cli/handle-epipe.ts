import type { CliRun } from './cli-run.js';

/**
 * Keeps quiet when the reader of the output closes it early, as in `durable-sms list --all | head`.
 * A command that only reads then ends, with the exit code that it has so far. A command that
 * changes something runs to its end.
 */
export function handleEpipe(cli: CliRun, { onlyReads }: { readonly onlyReads: boolean }): void {
  // For good: the last line's error comes after the end of the run.
  cli.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (onlyReads) cli.exit(cli.exitCode);
  });
}
