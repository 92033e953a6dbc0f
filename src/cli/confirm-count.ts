import { createInterface } from 'node:readline';
import { UsageError } from './cli-error.js';
import type { CliIo } from './cli-run.js';

/**
 * Lets a person at a terminal type the count of what is about to be changed.
 *
 * @throws UsageError if there is no terminal, or something else was typed
 */
export async function confirmCount(
  what: string,
  count: number,
  { stdin, stderr }: Pick<CliIo, 'stdin' | 'stderr'>,
): Promise<void> {
  if (stdin.isTTY !== true)
    throw new UsageError(`${what} Standard input is not a terminal: pass --yes to continue.`);
  stderr.write(`${what} Type ${count} to continue: `);
  for await (const line of createInterface({ input: stdin })) {
    if (line.trim() === String(count)) return;
    break;
  }
  throw new UsageError('Not confirmed. Nothing was changed.');
}
