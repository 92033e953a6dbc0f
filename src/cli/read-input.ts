import { text } from 'node:stream/consumers';

/** All of standard input; tells a person at a terminal what is waited for. */
export async function readStandardInput(what: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(`Type or paste ${what}, then Ctrl-D:\n`);
  return await text(process.stdin);
}
