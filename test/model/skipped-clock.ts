import type { TestWorkflowEnvironment } from '@temporalio/testing';

/**
 * When nothing has happened anywhere for so long, by the machine's clock, time does not jump any
 * more.
 */
const STUCK_AFTER_MS = 4_000;

/** How often a lane that sleeps looks whether anything happens, in milliseconds. */
const LOOKS_EVERY_MS = 500;

/** No sleep takes so long by the machine's clock, unless the server's time stands still. */
const MAX_SLEEP_MS = 2 * 60_000;

/** The server has lost count of who holds its time, and does not find back. */
export class TimeStandsStillError extends Error {
  override readonly name = 'TimeStandsStillError';
}

/**
 * The test server's time, which runs with the machine's while a task is open or somebody holds it,
 * and jumps otherwise.
 *
 * The server counts who holds it. It forgets to count down when a task ends that was cancelled
 * before it began, or whose run was terminated: that is made up for here.
 */
export class SkippedClock {
  #aheadMs = 0;
  #lastSignAtMs = Date.now();

  constructor(private readonly environment: TestWorkflowEnvironment) {}

  /** Epoch milliseconds; right from a refresh on, for as long as time does not jump. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  async refresh(): Promise<number> {
    this.#lastSignAtMs = Date.now();
    this.#aheadMs = (await this.environment.currentTimeMs()) - Date.now();
    return this.now();
  }

  /**
   * Keeps time from jumping while `work` does something; within it only {@link sleep} lets time go
   * on.
   */
  async holding<T>(work: () => Promise<T>): Promise<T> {
    await this.#timeLock.lockTimeSkipping({});
    try {
      return await work();
    } finally {
      await this.release();
    }
  }

  /** Counts down by one; nothing happens where nobody is counted. */
  async release(): Promise<void> {
    await this.#timeLock.unlockTimeSkipping({}).catch(() => undefined);
  }

  /**
   * Lets time jump, once everybody else who holds it sleeps and no task is open.
   *
   * @throws TimeStandsStillError
   */
  async sleep(ms: number): Promise<void> {
    const beganAtMs = Date.now();
    this.#lastSignAtMs = beganAtMs;
    let watch: NodeJS.Timeout | undefined;
    const stuck = new Promise<never>((_, reject) => {
      let lookedAtMs = beganAtMs;
      watch = setInterval(() => {
        const nowMs = Date.now();
        // On a busy machine nothing happens because nobody gets to run.
        if (nowMs - lookedAtMs > 2 * LOOKS_EVERY_MS) this.#lastSignAtMs = nowMs;
        lookedAtMs = nowMs;
        if (nowMs - beganAtMs > MAX_SLEEP_MS) reject(new TimeStandsStillError('No time passes.'));
        if (nowMs - this.#lastSignAtMs < STUCK_AFTER_MS) return;
        this.#lastSignAtMs = nowMs;
        void this.release();
      }, LOOKS_EVERY_MS);
    });
    try {
      await Promise.race([this.environment.sleep(ms), stuck]);
    } finally {
      clearInterval(watch);
    }
    await this.refresh();
  }

  get #timeLock() {
    const { testService } = this.environment.connection;
    if (testService === undefined) throw new Error('This server cannot skip time.');
    return testService;
  }
}
