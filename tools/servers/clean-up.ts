/** Undoes things in the reverse order in which they were done, once, whatever ends the process. */
export interface CleanUp {
  /** Adds a step; one that fails does not keep the others from running. */
  add(step: () => unknown): void;
  run(): Promise<void>;
  /** Whether it is being, or has been, run: failures from then on are expected. */
  readonly hasBegun: () => boolean;
}

/** A clean-up; `onError` hears of steps that fail. */
export function createCleanUp(onError: (error: unknown) => void): CleanUp {
  const steps: (() => unknown)[] = [];
  let running: Promise<void> | undefined;
  const runAll = async () => {
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      try {
        await step();
      } catch (error) {
        onError(error);
      }
    }
  };
  return {
    add(step) {
      steps.push(step);
    },
    run: () => (running ??= runAll()),
    hasBegun: () => running !== undefined,
  };
}

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Cleans up on the signals that end a process, and exits with the code that shells give for them.
 */
export function cleanUpOnSignals(cleanUp: CleanUp): void {
  for (const [signal, exitCode] of Object.entries(SIGNALS)) {
    // Not once: without a listener, a library's own handler would end the process in the middle of
    // the clean-up.
    process.on(signal, () => {
      void cleanUp.run().finally(() => process.exit(exitCode));
    });
  }
}
