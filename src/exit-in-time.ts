import type { Logger } from 'pino';

/** Ends a process that does not end by itself. */
export interface ExitInTime {
  /** Milliseconds until the process ends after a signal; the whole time before one. */
  readonly remainingMs: () => number;
  /** Says that the work is done: what keeps the process alive now is given up soon. */
  readonly done: () => void;
}

/** How long what is closed may keep a process alive, in milliseconds. */
const LINGER_MS = 1_000;

/** The process that is ended. */
interface Ending {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  off(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code?: number): void;
}

/**
 * Ends a process at the latest `limitMs` after SIGTERM or SIGINT, with a line in its log and exit
 * code 1. A second signal ends it at once, as it would without a listener.
 *
 * Call this where something else listens to the signals already: the first listener takes their
 * usual effect from them.
 */
export function exitInTime({
  limitMs,
  log,
  ending = process,
}: {
  limitMs: number;
  log: Pick<Logger, 'error' | 'warn'>;
  /** @default this process */
  ending?: Ending;
}): ExitInTime {
  let signalledAtMs: number | undefined;
  const onSignal = () => {
    ending.off('SIGTERM', onSignal);
    ending.off('SIGINT', onSignal);
    signalledAtMs = Date.now();
    setTimeout(() => {
      log.error(`did not stop within ${limitMs / 1000} s of the signal: exiting with work unfinished`);
      ending.exit(1);
    }, limitMs).unref();
  };
  ending.on('SIGTERM', onSignal);
  ending.on('SIGINT', onSignal);
  return {
    remainingMs: () => Math.max(0, (signalledAtMs ?? Date.now()) + limitMs - Date.now()),
    done() {
      setTimeout(() => {
        log.warn('something is still open: exiting without it');
        ending.exit();
      }, LINGER_MS).unref();
    },
  };
}
