import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** Every command line that was seen on this machine, by anyone. */
export interface CommandLines {
  readonly seen: ReadonlySet<string>;
  readonly stop: () => Promise<void>;
}

/** Programs of Node run for longer. */
const EVERY_MS = 100;

/**
 * Watches the list of processes, as every user of a machine can; elsewhere than on Linux, nothing
 * is seen.
 */
export function watchCommandLines(): CommandLines {
  const seen = new Set<string>();
  const stop = new AbortController();
  const watch = async () => {
    while (process.platform === 'linux' && !stop.signal.aborted) {
      const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
      const lines = await Promise.all(
        pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
      );
      for (const line of lines) if (line !== '') seen.add(line.replaceAll('\0', ' ').trim());
      await wait(EVERY_MS);
    }
  };
  const watching = watch();
  return {
    seen,
    async stop() {
      stop.abort();
      await watching;
    },
  };
}
