import { SmsError } from '../domain/errors.js';
import { untilAborted } from '../temporal/until-aborted.js';
import { createAlarm } from './alarm.js';
import type { KnownSend, SmsState } from './send-state.js';
import { isTransient } from './watch-send.js';

/** Whose sends are observed, and for how long. */
export interface ObserveOptions {
  /**
   * The account that the sends must belong to; any other send is `not-found`. Null only where the
   * caller has checked each of them, since workflow ids are easily guessed.
   */
  readonly accountId: string | null;
  /** Ends the observing; the sends go on. */
  readonly signal?: AbortSignal | undefined;
}

/** How sends are read: by Temporal, or a fake in tests. */
export interface SendReader {
  /** Reads where a send stands; see `readSendState` for what it throws. */
  readonly read: (workflowId: string, before: KnownSend | undefined) => Promise<KnownSend>;
  /** Resolves when a send has ended; rejects if that could not be awaited. */
  readonly awaitEnd: (workflowId: string, signal: AbortSignal) => Promise<unknown>;
}

/** Observes sends for any number of viewers. */
export interface SendObserver {
  /** See `SmsClient.observe`. */
  readonly observe: (workflowIds: readonly string[], options: ObserveOptions) => AsyncIterable<SmsState>;
  /** Stops for all of them: they see TEMPORAL_UNAVAILABLE. */
  readonly close: () => void;
}

/** How often a send is read that is being observed; in milliseconds. */
const DEFAULT_EVERY_MS = 2_000;

/** How many sends one viewer may observe: each of them is read every two seconds. */
const MAX_OBSERVED = 100;

type Viewer = (news: KnownSend | SmsError) => void;

/** Makes what all viewers of a process share: one poller for each send that someone looks at. */
export function createSendObserver(reader: SendReader, everyMs = DEFAULT_EVERY_MS): SendObserver {
  const pollers = new Map<string, Poller>();
  let isClosed = false;

  function subscribe(workflowId: string, viewer: Viewer): () => void {
    if (isClosed) {
      viewer(closed(workflowId));
      return () => undefined;
    }
    const poller = pollers.get(workflowId) ?? startPoller(workflowId);
    return poller.subscribe(viewer);
  }

  function startPoller(workflowId: string): Poller {
    const poller = createPoller(workflowId, reader, everyMs, () => {
      if (pollers.get(workflowId) === poller) pollers.delete(workflowId);
    });
    pollers.set(workflowId, poller);
    return poller;
  }

  return {
    observe(workflowIds, options) {
      assertObservable(workflowIds, options);
      return observe(subscribe, workflowIds, options);
    },
    close() {
      isClosed = true;
      for (const [workflowId, poller] of pollers) poller.fail(closed(workflowId));
    },
  };
}

function closed(workflowId: string): SmsError {
  return new SmsError('TEMPORAL_UNAVAILABLE', { workflowId, message: 'The client was closed.' });
}

function assertObservable(workflowIds: readonly string[], { accountId }: ObserveOptions): void {
  // Untyped callers forget it, and an undefined account must not mean any.
  if (accountId !== null && typeof accountId !== 'string') {
    throw new SmsError('VALIDATION_FAILED', {
      message: 'accountId must be the account that the sends belong to, or null if you have checked that.',
    });
  }
  if (workflowIds.length === 0 || workflowIds.length > MAX_OBSERVED) {
    throw new SmsError('VALIDATION_FAILED', { message: `workflowIds must be 1 to ${MAX_OBSERVED} ids.` });
  }
}

/** One viewer. Of what changes while the viewer is busy, it sees the last. */
async function* observe(
  subscribe: (workflowId: string, viewer: Viewer) => () => void,
  workflowIds: readonly string[],
  { accountId, signal }: ObserveOptions,
): AsyncGenerator<SmsState, void, undefined> {
  const news = new Map<string, KnownSend | SmsError>();
  const open = new Map<string, () => void>();
  let wake: () => void = () => undefined;
  const leaveAll = () => {
    for (const leave of open.values()) leave();
    open.clear();
    wake();
  };
  // Not only when the viewer asks for more: one that has gone never does.
  signal?.addEventListener('abort', leaveAll, { once: true });
  try {
    if (signal?.aborted === true) return;
    for (const workflowId of new Set(workflowIds)) {
      const leave = subscribe(workflowId, (latest) => {
        news.set(workflowId, latest);
        wake();
      });
      open.set(workflowId, leave);
    }
    while (open.size > 0) {
      const [next] = news;
      if (next === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      const [workflowId, latest] = next;
      news.delete(workflowId);
      if (latest instanceof SmsError) throw latest;
      const state = stateFor(accountId, latest);
      if (isFinal(state)) {
        open.get(workflowId)?.();
        open.delete(workflowId);
      }
      yield state;
    }
  } finally {
    signal?.removeEventListener('abort', leaveAll);
    leaveAll();
  }
}

/** What a viewer may see of a send: nothing, if it is not of his account. */
function stateFor(accountId: string | null, { state, accountId: owner }: KnownSend): SmsState {
  const isUnread = state.status === undefined || state.status === 'not-found';
  if (accountId === null || isUnread || owner === accountId.toLowerCase()) return state;
  return { workflowId: state.workflowId, status: 'not-found' };
}

/** Whether a state is the last one of its send. */
function isFinal({ status, closedAt, unreachable }: SmsState): boolean {
  return unreachable !== true && (status === 'not-found' || closedAt !== undefined);
}

interface Poller {
  /** Shows the viewer what is known, if anything is, and each change; returns how to leave. */
  readonly subscribe: (viewer: Viewer) => () => void;
  /** Stops, and says why to all viewers. */
  readonly fail: (error: SmsError) => void;
}

/**
 * Reads one send for all its viewers, until it has ended or the last of them has left; then nothing
 * of it goes on.
 */
function createPoller(
  workflowId: string,
  { read, awaitEnd }: SendReader,
  everyMs: number,
  onStop: () => void,
): Poller {
  const viewers = new Set<Viewer>();
  const stop = new AbortController();
  const { signal } = stop;
  let known: KnownSend | undefined;

  function show(news: KnownSend | SmsError): void {
    for (const viewer of [...viewers]) viewer(news);
  }

  function setKnown(next: KnownSend): void {
    const isNews = JSON.stringify(known?.state) !== JSON.stringify(next.state);
    known = next;
    if (isNews) show(next);
  }

  function end(): void {
    stop.abort();
    onStop();
  }

  async function poll(): Promise<void> {
    const alarm = createAlarm(signal);
    let ending: Promise<unknown> | undefined;
    for (;;) {
      const latest = await untilAborted(signal, () => read(workflowId, known)).catch(knownAfter);
      setKnown(latest);
      if (isFinal(latest.state)) return;
      // Rings at the end; one that fails, as the connection was lost, is awaited again.
      if (latest.state.unreachable !== true) {
        ending ??= awaitEnd(workflowId, signal).then(alarm.ring, () => (ending = undefined));
      }
      await alarm.waitFor(everyMs);
    }
  }

  /** @throws what does not pass */
  function knownAfter(error: unknown): KnownSend {
    if (isTransient(error))
      return { ...known, state: { ...(known?.state ?? { workflowId }), unreachable: true } };
    if (error instanceof SmsError && error.code === 'NOT_FOUND')
      return { state: { workflowId, status: 'not-found' } };
    throw error;
  }

  void poll()
    .catch((error: unknown) => {
      if (signal.aborted) return;
      show(error instanceof SmsError ? error : new SmsError('TEMPORAL_UNAVAILABLE', { workflowId }));
    })
    .finally(end);
  return {
    fail(error) {
      show(error);
      end();
    },
    subscribe(viewer) {
      viewers.add(viewer);
      if (known !== undefined) viewer(known);
      return () => {
        if (viewers.delete(viewer) && viewers.size === 0) end();
      };
    },
  };
}
