import { Presets, SingleBar } from 'cli-progress';
import type { CliOutput } from '../cli-run.js';

/** Shows how far a pass over many rows is. */
export interface PassProgress {
  readonly update: (done: number) => void;
  readonly stop: () => void;
}

/** A line each time another tenth is done. */
const LINES = 10;

/**
 * A bar on a terminal, else about ten lines; on standard error, as standard output has the result.
 */
export function startPassProgress(what: string, total: number, output: CliOutput): PassProgress {
  return output.isTTY === true ? startBar(what, total, output) : startLines(what, total, output);
}

function startBar(what: string, total: number, stream: CliOutput): PassProgress {
  const format = `${what} [{bar}] {percentage}% | accounts: {value} of {total} | {eta_formatted} left`;
  // Ctrl-C is ours: what is under way is finished first.
  const bar = new SingleBar({ stream, format, gracefulExit: false }, Presets.legacy);
  bar.start(total, 0);
  return {
    update(done) {
      // Accounts may have been added since they were counted.
      if (done > bar.getTotal()) bar.setTotal(done);
      bar.update(done);
    },
    stop: () => {
      bar.stop();
    },
  };
}

function startLines(what: string, total: number, output: CliOutput): PassProgress {
  let written = 0;
  return {
    update(done) {
      const tenth = Math.floor((done / Math.max(1, total)) * LINES);
      if (tenth <= written) return;
      written = tenth;
      output.write(`${what} accounts: ${done} of ${Math.max(done, total)}\n`);
    },
    stop: () => undefined,
  };
}
