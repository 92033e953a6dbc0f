import type { SentMessages, SentMessagesRequest } from '../domain/sent-messages.js';
import { isOlderThan } from './sent-messages-paging.js';

type Read = (request: SentMessagesRequest) => Promise<SentMessages>;

/**
 * One reading serves all requests for rows since times within one span of this length, in
 * milliseconds.
 */
const SPAN_MS = 10 * 60_000;

const ABORTED: SentMessages = { kind: 'unreadable', reason: 'the read was aborted' };

/** A reading that has not begun: all callers that ask until then get its result. */
interface Gathering {
  readonly begun: Promise<SentMessages>;
  sinceMs: number;
  waiting: number;
  readonly end: AbortController;
}

/**
 * Shares readings of an account's sent messages between callers: of one account, and as far back,
 * one begins at most every `gatherMs` milliseconds. Only callers that asked before a reading began
 * share it, so that no answer is older than its question.
 */
export function shareReadings(read: Read, { gatherMs }: { gatherMs: number }): Read {
  const gatherings = new Map<string, Gathering>();
  const lastBegan = new Map<string, number>();

  function gather(key: string, apiKey: string, sinceMs: number): Gathering {
    const end = new AbortController();
    const sinceLastMs = performance.now() - (lastBegan.get(key) ?? -Infinity);
    const gathering: Gathering = {
      sinceMs,
      waiting: 0,
      end,
      begun: pause(gatherMs - sinceLastMs).then(() => {
        if (end.signal.aborted) return ABORTED;
        gatherings.delete(key);
        noteBegin(key);
        return read({ apiKey, sinceMs: gathering.sinceMs, signal: end.signal });
      }),
    };
    gatherings.set(key, gathering);
    return gathering;
  }

  function noteBegin(key: string): void {
    const beganAt = performance.now();
    lastBegan.set(key, beganAt);
    // A reading this old delays no other.
    setTimeout(() => {
      if (lastBegan.get(key) === beganAt) lastBegan.delete(key);
    }, gatherMs).unref();
  }

  return async function readShared({ apiKey, sinceMs, signal }) {
    if (signal?.aborted === true) return ABORTED;
    const key = `${Math.floor(sinceMs / SPAN_MS)} ${apiKey}`;
    const gathering = gatherings.get(key) ?? gather(key, apiKey, sinceMs);
    gathering.sinceMs = Math.min(gathering.sinceMs, sinceMs);
    gathering.waiting++;
    const log = await untilAborted(gathering.begun, signal);
    gathering.waiting--;
    if (gathering.waiting === 0) {
      // No caller waits for it any more, and no new caller may join it.
      gathering.end.abort();
      if (gatherings.get(key) === gathering) gatherings.delete(key);
    }
    return log.kind === 'read' ? asAskedFor(log, sinceMs) : log;
  };
}

/** What a reading that may go further back says to one who wanted less. */
function asAskedFor(log: Extract<SentMessages, { kind: 'read' }>, sinceMs: number): SentMessages {
  const isTooOld = isOlderThan(sinceMs);
  return {
    ...log,
    rows: log.rows.filter((row) => !isTooOld(row)),
    reachesBack: log.reachesBack || log.rows.some(isTooOld),
  };
}

async function untilAborted(
  work: Promise<SentMessages>,
  signal: AbortSignal | undefined,
): Promise<SentMessages> {
  if (signal === undefined) return await work;
  const { promise, resolve } = withResolvers<SentMessages>();
  const onAbort = () => {
    resolve(ABORTED);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((reconcile) => {
    resolve = reconcile;
  });
  return { promise, resolve };
}

/** Waits; not at all where there is nothing to wait for. */
async function pause(ms: number): Promise<void> {
  // A turn of the event loop at least: callers that ask at the same time belong together.
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
