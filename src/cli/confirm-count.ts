import { createInterface } from 'node:readline';
import { UsageError } from './cli-error.js';

/** Where the question is asked and the answer is read. */
interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * Lets a person at a terminal type the count of what is about to be changed.
 *
 * @throws UsageError if there is no terminal, or something else was typed
 */
export async function confirmCount(
  what: string,
  count: number,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<void> {
  if (input.isTTY !== true) throw new UsageError(`${what} Nobody can be asked here: give --yes to go on.`);
  output.write(`${what} Type ${count} to go on: `);
  for await (const line of createInterface({ input })) {
    if (line.trim() === String(count)) return;
    break;
  }
  throw new UsageError('Not confirmed: nothing was changed.');
}
