import { constants } from 'node:os';
import type { CliIo } from './cli-run.js';

/** A wish to stop. */
export interface StopRequest {
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** The exit code after it, 128 plus the signal's number; undefined until a signal arrives. */
  readonly exitCode: () => number | undefined;
  /** Gives the signals back. */
  readonly release: () => void;
}

/**
 * Lets what is under way be finished after Ctrl-C or SIGTERM; a second one ends the process at
 * once.
 */
export function stopOnSignals(
  { signals, exit }: Pick<CliIo, 'signals' | 'exit'>,
  sayOnStop: () => void,
): StopRequest {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const onSignal = (name: 'SIGINT' | 'SIGTERM') => {
    const code = 128 + constants.signals[name];
    if (exitCode !== undefined) {
      exit(code);
      return;
    }
    exitCode = code;
    sayOnStop();
    controller.abort();
  };
  signals.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    release: () => {
      signals.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    },
  };
}
