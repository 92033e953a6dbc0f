import { SmsError } from '../domain/errors.js';
import { createAlarm } from './alarm.js';
import type { SmsHandle, SmsStatusReport } from './sms-handle.js';
import { untilAborted } from '../temporal/until-aborted.js';

/** How a send is watched. */
export interface WatchOptions {
  /**
   * How often the status is read, in milliseconds. The end of the send is reported at once.
   *
   * @default 2_000
   */
  readonly everyMs?: number | undefined;
  /** Ends the watching; the send goes on. */
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_EVERY_MS = 2_000;

/**
 * A server that restarts is waited for: this many questions without an answer in a row end the
 * watching.
 */
const MAX_FAILURES = 30;

/**
 * Follows a send to its end: its status now, and again each time that status, code or reason have
 * changed. However it ends, it leaves no call behind.
 *
 * @throws SmsError NOT_FOUND, TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED
 */
export async function* watchSend(
  handle: SmsHandle,
  { everyMs = DEFAULT_EVERY_MS, signal }: WatchOptions = {},
): AsyncGenerator<SmsStatusReport> {
  const stop = new AbortController();
  const onAbort = () => {
    stop.abort();
  };
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    yield* follow(handle, { everyMs, signal: stop.signal });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stop.abort();
  }
}

/** Throws the signal's reason once it is aborted. */
async function* follow(
  handle: SmsHandle,
  { everyMs, signal }: { readonly everyMs: number; readonly signal: AbortSignal },
): AsyncGenerator<SmsStatusReport> {
  let last: SmsStatusReport | undefined;
  let failures = 0;
  let report: SmsStatusReport | undefined = await untilAborted(signal, () => handle.status());
  const end = createAlarm(signal);
  let ending: Promise<void> | undefined;
  for (;;) {
    if (report !== undefined && hasChanged(last, report)) {
      last = report;
      yield report;
    }
    signal.throwIfAborted();
    if (report !== undefined && hasEnded(report)) return;
    ending ??= awaitEnd();
    await end.waitFor(everyMs);
    report = await ask();
  }

  /**
   * Rings as soon as the run ends; the status says how it ended. After a lost connection, it never
   * rings.
   */
  function awaitEnd(): Promise<void> {
    return handle.result({ signal }).then(end.ring, (error: unknown) => {
      if (!isTransient(error)) end.ring();
    });
  }

  async function ask(): Promise<SmsStatusReport | undefined> {
    try {
      const now = await untilAborted(signal, () => handle.status());
      failures = 0;
      return now;
    } catch (error) {
      if (!isTransient(error) || ++failures > MAX_FAILURES) throw error;
      return undefined;
    }
  }
}

/** Whether Temporal did not answer, and may do so later. */
export function isTransient(error: unknown): boolean {
  return error instanceof SmsError && error.code === 'TEMPORAL_UNAVAILABLE';
}

/** Whether a send runs no more. */
export function hasEnded({ status, delivery }: Pick<SmsStatusReport, 'status' | 'delivery'>): boolean {
  return delivery !== 'pending' && !['running', 'waiting', 'checking', 'held'].includes(status);
}

function hasChanged(before: SmsStatusReport | undefined, now: SmsStatusReport): boolean {
  return (
    before?.status !== now.status ||
    before.code !== now.code ||
    before.reason !== now.reason ||
    before.delivery !== now.delivery
  );
}
