/**
 * A line of a stack trace that names a function and a place: a line of a message that looks so,
 * too, holds nothing else.
 */
const FRAME = /^ {4}at (?:async )?(?:[\w$.<>]+ )?\(?(?:file:\/\/\/|node:|\/)[\w@./+-]+:\d+:\d+\)?$/;

const MAX_FRAMES = 5;

/**
 * Where an error was made: lines with places in the code, without anything that it says, which may
 * quote what it stumbled over.
 */
export function framesOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return lines.filter((line) => FRAME.test(line)).slice(0, MAX_FRAMES);
}
