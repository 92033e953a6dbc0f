import { Presets, SingleBar } from 'cli-progress';
import { formatElapsed } from '../servers/progress.js';

/** Shows how far a measurement is. */
export interface Bar {
  /** `done` of `total` steps, and what is being done now. */
  readonly show: (done: number, total: number, what: string) => void;
  readonly stop: () => void;
}

/** Without a terminal, a line at most this often. */
const LINE_EVERY_MS = 10_000;

/** A bar in a terminal, else a line every ten seconds. */
export function showBar(stream: NodeJS.WriteStream = process.stderr): Bar {
  const startedAtMs = Date.now();
  if (!stream.isTTY) {
    const state = { saidAtMs: 0 };
    return {
      show(done, total, what) {
        if (Date.now() - state.saidAtMs < LINE_EVERY_MS) return;
        state.saidAtMs = Date.now();
        stream.write(`  ${formatElapsed(Date.now() - startedAtMs)}  ${done} of ${total}  ${what}\n`);
      },
      stop: () => undefined,
    };
  }
  const format = '  {elapsed} [{bar}] {value} of {total}  {what}';
  // Ctrl-C is ours: what was measured is kept.
  const bar = new SingleBar({ stream, format, gracefulExit: false, clearOnComplete: true }, Presets.legacy);
  let isStarted = false;
  return {
    show(done, total, what) {
      const elapsed = formatElapsed(Date.now() - startedAtMs);
      if (isStarted) bar.update(done, { what, elapsed });
      else bar.start(total, done, { what, elapsed });
      isStarted = true;
    },
    stop() {
      if (isStarted) bar.stop();
    },
  };
}
