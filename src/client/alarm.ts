/** A wait that can be cut short. */
export interface Alarm {
  /** Ends the wait that is under way, or else the next one. */
  readonly ring: () => void;
  /** Waits for so many milliseconds at most. */
  readonly waitFor: (ms: number) => Promise<void>;
}

/**
 * Waits that can be cut short, once by a ring, which is remembered until then, and all of them by
 * the signal.
 */
export function createAlarm(signal: AbortSignal): Alarm {
  let hasRung = false;
  let wake: () => void = () => undefined;
  return {
    ring() {
      hasRung = true;
      wake();
    },
    async waitFor(ms) {
      if (!hasRung && !signal.aborted) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, ms);
          signal.addEventListener('abort', wake, { once: true });
        });
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
      }
      hasRung = false;
    },
  };
}
