import { setTimeout as wait } from 'node:timers/promises';
import { SmsError } from '../domain/errors.js';
import type { SmsHandle, SmsStatusReport } from './sms-handle.js';

/** How a send is watched. */
export interface WatchOptions {
  /** How often its status is asked for, in milliseconds; 2,000 by default. Its end is told at once. */
  readonly everyMs?: number;
  /** Ends the watching; the send goes on. */
  readonly signal?: AbortSignal;
}

const DEFAULT_EVERY_MS = 2_000;

/** A server that restarts is waited for: this many questions without an answer in a row end the watching. */
const MOST_FAILURES = 30;

/**
 * Follows a send to its end: its status now, and again each time that status, code or reason have changed.
 *
 * @throws SmsError NOT_FOUND, TEMPORAL_UNAVAILABLE
 */
export async function* watchSend(
  handle: SmsHandle,
  { everyMs = DEFAULT_EVERY_MS, signal }: WatchOptions = {},
): AsyncGenerator<SmsStatusReport> {
  let last: SmsStatusReport | undefined;
  let failures = 0;
  const first = await handle.status();
  // Known at once; how it ended is read from the status. Cut off from the server, it tells no more.
  let ended: Promise<void> | undefined = handle
    .result()
    .then(
      () => undefined,
      () => undefined,
    )
    .then(() => {
      ended = undefined;
    });
  for (let report: SmsStatusReport | undefined = first; !isAborted(signal); report = await ask()) {
    if (report !== undefined && hasChanged(last, report)) {
      last = report;
      yield report;
    }
    if (report !== undefined && hasEnded(report)) return;
    await pause();
  }

  async function ask(): Promise<SmsStatusReport | undefined> {
    try {
      const report = await handle.status();
      failures = 0;
      return report;
    } catch (error) {
      const mayPass = error instanceof SmsError && error.code === 'TEMPORAL_UNAVAILABLE';
      if (!mayPass || ++failures > MOST_FAILURES) throw error;
      return undefined;
    }
  }

  async function pause(): Promise<void> {
    const stop = new AbortController();
    const signals = signal === undefined ? [stop.signal] : [stop.signal, signal];
    const timer = wait(everyMs, undefined, { signal: AbortSignal.any(signals) }).catch(() => undefined);
    await Promise.race([timer, ...(ended === undefined ? [] : [ended])]);
    stop.abort();
  }
}

/** Whether a send runs no more. */
export function hasEnded({ status }: Pick<SmsStatusReport, 'status'>): boolean {
  return status !== 'running' && status !== 'checking' && status !== 'held';
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function hasChanged(before: SmsStatusReport | undefined, now: SmsStatusReport): boolean {
  return before?.status !== now.status || before.code !== now.code || before.reason !== now.reason;
}
