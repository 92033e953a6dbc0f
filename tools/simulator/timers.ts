const MAX_MS = 2_147_483_647;

/** Timers that all end together, so that a closed simulator does nothing more. */
export function createTimers() {
  const pending = new Set<NodeJS.Timeout>();
  return {
    /**
     * Runs `task` after `delayMs` milliseconds, at most 24.8 days; a delay of 0 runs it at once.
     */
    after(delayMs: number, task: () => void): void {
      if (delayMs <= 0) {
        task();
        return;
      }
      const timer = setTimeout(
        () => {
          pending.delete(timer);
          task();
        },
        Math.min(delayMs, MAX_MS),
      );
      pending.add(timer);
    },
    /** Ends all that wait. */
    clear(): void {
      for (const timer of pending) clearTimeout(timer);
      pending.clear();
    },
  };
}

/** Timers that all end together. */
export type Timers = ReturnType<typeof createTimers>;
