import { text } from 'node:stream/consumers';
import type { CliRun } from './cli-run.js';

/** All of standard input; tells a person at a terminal what is waited for. */
export async function readStandardInput({ stdin, say }: CliRun, what: string): Promise<string> {
  if (stdin.isTTY === true) say(`Type or paste ${what}, then Ctrl-D:`);
  return await text(stdin);
}
