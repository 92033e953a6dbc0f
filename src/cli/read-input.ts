import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { UsageError } from './cli-error.js';
import type { CliRun } from './cli-run.js';

/**
 * Reads all of standard input as text; at a terminal, says what to type.
 *
 * @throws UsageError if it is not text
 */
export async function readStandardInput({ stdin, say }: CliRun, what: string): Promise<string> {
  if (stdin.isTTY === true) say(`Type or paste ${what}, then press Ctrl-D:`);
  return decodeText(await buffer(stdin), 'standard input');
}

/**
 * A file as text.
 *
 * @param option what names the file, such as `--job`
 * @throws UsageError if it cannot be read, or is not text
 */
export async function readTextFile(path: string, option: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch {
    throw new UsageError(`Cannot read the file given by ${option}: ${path}`);
  }
  return decodeText(bytes, `the file given by ${option}`);
}

/** What PowerShell and editors on Windows write: a byte order mark, and with it UTF-16. */
function decodeText(bytes: Uint8Array, source: string): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    // Leaves the byte order mark out. Bytes that are not text would be sent as U+FFFD.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`Cannot decode ${source}: save it as UTF-8, or as UTF-16 with a byte order mark.`);
  }
}
