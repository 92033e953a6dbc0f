import { setTimeout as wait } from 'node:timers/promises';

/**
 * When the server last saw each kind of poller of a worker, by its own clock (epoch milliseconds).
 */
export type PollerSight = Readonly<Record<string, number>>;

/** Knows whether the pollers of a worker are stuck. */
export interface PollerMonitor {
  /**
   * The kinds of pollers that the server has not seen for too long, though it answered all the
   * while.
   */
  readonly stuck: () => readonly string[];
  readonly stop: () => Promise<void>;
}

/**
 * A long poll lasts a minute at most, so a poller that is well is seen more often than this;
 * milliseconds.
 */
const STUCK_AFTER_MS = 3 * 60 * 1000;

const ASK_EVERY_MS = 30_000;

interface Seen {
  /** The server's clock. */
  readonly atMs: number;
  /** Our clock, when that was news. */
  readonly newsAtMs: number;
}

/**
 * Asks from time to time when the pollers were last seen. Only what the server has seen once can be
 * missed, and only while it answers without interruption: nothing of this is true because Temporal
 * is away.
 *
 * @param ask undefined while the worker is not meant to poll; may throw
 */
export function watchPollers(
  ask: () => Promise<PollerSight | undefined>,
  {
    now = Date.now,
    pause = (ms: number, signal: AbortSignal) => wait(ms, undefined, { signal, ref: false }),
  }: { now?: () => number; pause?: (ms: number, signal: AbortSignal) => Promise<unknown> } = {},
): PollerMonitor {
  const seen = new Map<string, Seen>();
  let answersSinceMs: number | undefined;
  let stuck: readonly string[] = [];
  const end = new AbortController();

  async function look(): Promise<void> {
    const sight = await ask().catch(() => undefined);
    if (sight === undefined) {
      answersSinceMs = undefined;
      stuck = [];
      return;
    }
    const nowMs = now();
    const sinceMs = (answersSinceMs ??= nowMs);
    for (const [kind, atMs] of Object.entries(sight)) {
      if (atMs > (seen.get(kind)?.atMs ?? 0)) seen.set(kind, { atMs, newsAtMs: nowMs });
    }
    stuck = [...seen.keys()].filter((kind) => {
      const newsAtMs = seen.get(kind)?.newsAtMs ?? nowMs;
      return nowMs - Math.max(newsAtMs, sinceMs) > STUCK_AFTER_MS;
    });
  }

  async function pollLoop(): Promise<void> {
    while (!end.signal.aborted) {
      await look();
      await pause(ASK_EVERY_MS, end.signal).catch(() => undefined);
    }
  }

  const looking = pollLoop();
  return {
    stuck: () => stuck,
    async stop() {
      end.abort();
      await looking;
    },
  };
}
