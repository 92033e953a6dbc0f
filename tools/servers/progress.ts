/** Prints a line for the person in front of the terminal. */
export type Say = (line: string) => void;

const REPORT_EVERY_MS = 15_000;
const REDRAW_EVERY_MS = 500;

/**
 * Runs `work`; if it takes longer than a moment, says what is going on and for how long: in place
 * in a terminal, by a line every 15 s in a log.
 */
export async function withProgress<T>(say: Say, what: string, work: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  const terminal = process.stdout.isTTY;
  const state = { shown: false };
  const timer = setInterval(
    () => {
      state.shown = true;
      const line = `${what} … ${formatElapsed(Date.now() - startedAt)}`;
      if (terminal) process.stdout.write(`\r\u001b[2K${line}`);
      else say(line);
    },
    terminal ? REDRAW_EVERY_MS : REPORT_EVERY_MS,
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (state.shown && terminal) process.stdout.write('\r\u001b[2K');
  }
}

/** `m:ss`. */
export function formatElapsed(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
