import { Presets, SingleBar } from 'cli-progress';
import type { CliOutput } from '../cli-run.js';

/** Shows how far a retry of many sends is. */
export interface RetryProgress {
  readonly step: () => void;
  readonly stop: () => void;
}

/** Without a terminal, a line is written each time this many are done. */
const EVERY = 100;

/**
 * A bar on a terminal, else a line for each hundred; on standard error, as standard output has the
 * result.
 */
export function startRetryProgress(total: number, stream: CliOutput): RetryProgress {
  let done = 0;
  if (stream.isTTY !== true) {
    return {
      step() {
        done++;
        if (done % EVERY === 0) stream.write(`${done} of ${total} sends\n`);
      },
      stop: () => undefined,
    };
  }
  const format = '[{bar}] {percentage}% | {value} of {total} sends';
  // Ctrl-C is ours: what is under way is finished first.
  const bar = new SingleBar({ stream, format, gracefulExit: false }, Presets.legacy);
  bar.start(total, 0);
  return {
    step() {
      bar.increment();
    },
    stop() {
      bar.stop();
    },
  };
}
