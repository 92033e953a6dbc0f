import type { Logger } from 'pino';

/** What a process opened, by the name that a log line gives it. */
export type OpenParts = Readonly<Record<string, (() => Promise<unknown>) | undefined>>;

/**
 * Closes parts side by side, and gives up those that take longer than `limitMs`: with the network
 * gone, an answer that a part waits for never comes. A part that is given up, or that fails, is
 * named in a warning. Never throws.
 */
export async function closeParts(parts: OpenParts, limitMs: number, log: Logger): Promise<void> {
  await Promise.all(
    Object.entries(parts).map(async ([part, close]) => {
      if (close === undefined) return;
      const problem = await endOf(close, limitMs);
      if (problem !== undefined) log.warn({ part }, problem);
    }),
  );
}

/** What went wrong; undefined if the part was closed in time. */
async function endOf(close: () => Promise<unknown>, limitMs: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, limitMs, 'part was not closed in time');
  });
  const closed = Promise.resolve()
    .then(close)
    .then(
      () => undefined,
      () => 'part could not be closed',
    );
  try {
    return await Promise.race([closed, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
