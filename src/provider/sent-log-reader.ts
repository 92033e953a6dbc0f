import type { LoggedSms, SentLog, SentLogRequest } from '../domain/sent-log.js';
import { fetchLogPage } from './fetch-log-page.js';
import { isEchoOf } from './provider-code.js';
import type { LogPage } from './read-log-page.js';
import { createSentLogPaging } from './sent-log-paging.js';

/** The limits of one reading of the sent log. */
export interface SentLogLimits {
  /** For one request, in milliseconds. */
  readonly pageTimeoutMs: number;
  readonly maxPageBytes: number;
  /** For the reading in all, in milliseconds. */
  readonly totalTimeoutMs: number;
  readonly maxPages: number;
  /** The fewest rows that a full page of the gateway can have. */
  readonly smallestPageRows: number;
}

/** The limits unless a caller wants others. */
export const SENT_LOG_LIMITS: SentLogLimits = {
  pageTimeoutMs: 15_000,
  maxPageBytes: 2 * 1024 * 1024,
  totalTimeoutMs: 40_000,
  maxPages: 40,
  // Not published. The log of a new account holds a few rows of one second: with less, it could never be read to its end.
  smallestPageRows: 10,
};

const ABORTED: SentLog = { kind: 'unreadable', reason: 'the read was aborted' };
const TOO_LONG = 'reading the sent messages took too long';

/**
 * Makes the reader of the sent log, which never throws.
 *
 * @param baseUrl with a slash at its end
 */
export function createSentLogReader(options: {
  baseUrl: string;
  limits: SentLogLimits;
}): (request: SentLogRequest) => Promise<SentLog> {
  const { baseUrl, limits } = options;

  return async function readSentLog(request) {
    const { signal } = request;
    const isAborted = () => signal?.aborted === true;
    const end = new AbortController();
    const stop = () => {
      end.abort();
    };
    const timer = setTimeout(stop, limits.totalTimeoutMs);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      if (isAborted()) return ABORTED;
      const log = await readPages(request, end.signal);
      return isAborted() ? ABORTED : log;
    } catch {
      // Nothing is expected here, and whatever it is may quote the log.
      return { kind: 'unreadable', reason: 'the sent messages cannot be read' };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  };

  async function readPages({ apiKey, sinceMs }: SentLogRequest, end: AbortSignal): Promise<SentLog> {
    const paging = createSentLogPaging(sinceMs, limits.smallestPageRows);
    const found = (incomplete: string | undefined): SentLog => {
      const rows = paging.rows().map((row) => withoutKey(row, apiKey));
      return { kind: 'read', rows, incomplete, reachesBack: paging.reachesBack() };
    };
    const ask = (before: string | undefined) =>
      fetchLogPage({
        ...{ baseUrl, apiKey, before, signal: end },
        ...{ timeoutMs: limits.pageTimeoutMs, maxBytes: limits.maxPageBytes },
      });
    let before: string | undefined;
    for (let count = 0; count < limits.maxPages; count++) {
      let page = await ask(before);
      // Pages that were read are worth a second try; a first page is asked for again by whoever wanted the log.
      if (count > 0 && mayPass(page) && !end.aborted) page = await ask(before);
      if (page.kind === 'unreadable') {
        if (!end.aborted) return page;
        return count === 0 ? { kind: 'unreadable', reason: TOO_LONG } : found(TOO_LONG);
      }
      const step = paging.take(page.rows, Date.now());
      if (step.kind === 'done') return found(step.incomplete);
      before = step.before;
    }
    return found('the sent messages have more pages than are read');
  }
}

/** Whether a page that failed may come if it is asked for again: not where the gateway refused it. */
function mayPass(page: LogPage): boolean {
  if (page.kind === 'page') return false;
  const { httpStatus = 0 } = page;
  return httpStatus < 300 || httpStatus > 499;
}

/** A failure is shown to people, so it must not repeat the key either. */
function withoutKey(row: LoggedSms, apiKey: string): LoggedSms {
  return row.failure !== undefined && isEchoOf(row.failure, apiKey)
    ? { ...row, failure: 'unspecified' }
    : row;
}
