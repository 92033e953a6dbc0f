import type { LoggedSms, SentMessages, SentMessagesRequest } from '../domain/sent-messages.js';
import { fetchMessagesPage } from './fetch-messages-page.js';
import { isEchoOf } from './provider-code.js';
import type { MessagesPage } from './read-messages-page.js';
import { createSentMessagesPaging } from './sent-messages-paging.js';
import { withinLimits } from './within-limits.js';

/** The limits of one reading of the list of sent messages. */
export interface SentMessagesLimits {
  /** For one request, in milliseconds. */
  readonly pageTimeoutMs: number;
  readonly maxPageBytes: number;
  /** For the reading in all, in milliseconds. */
  readonly totalTimeoutMs: number;
  readonly maxPages: number;
  /** The fewest rows that a full page of the provider can have. */
  readonly smallestPageRows: number;
}

/** The limits unless a caller wants others. */
export const SENT_MESSAGES_LIMITS: SentMessagesLimits = {
  pageTimeoutMs: 15_000,
  maxPageBytes: 2 * 1024 * 1024,
  totalTimeoutMs: 40_000,
  maxPages: 40,
  // Not published. The list of a new account holds a few rows of one second: with less, it could
  // never be read to its end.
  smallestPageRows: 10,
};

const ABORTED: SentMessages = { kind: 'unreadable', reason: 'the read was aborted' };
const TOO_LONG = 'reading the sent messages took too long';

/**
 * Makes the reader of the list of sent messages, which never throws.
 *
 * @param baseUrl with a slash at its end
 */
export function createSentMessagesReader(options: {
  baseUrl: string;
  limits: SentMessagesLimits;
}): (request: SentMessagesRequest) => Promise<SentMessages> {
  const { baseUrl, limits } = options;

  return function readSentMessages(request) {
    return withinLimits<SentMessages>(
      { signal: request.signal, totalTimeoutMs: limits.totalTimeoutMs },
      (end) => readPages(request, end),
      { aborted: ABORTED, failed: { kind: 'unreadable', reason: 'the sent messages cannot be read' } },
    );
  };

  async function readPages(
    { apiKey, sinceMs }: SentMessagesRequest,
    end: AbortSignal,
  ): Promise<SentMessages> {
    const paging = createSentMessagesPaging(sinceMs, limits.smallestPageRows);
    const found = (incomplete: string | undefined): SentMessages => {
      const rows = paging.rows().map((row) => withoutKey(row, apiKey));
      return { kind: 'read', rows, incomplete, reachesBack: paging.reachesBack() };
    };
    const ask = (before: string | undefined) =>
      fetchMessagesPage({
        baseUrl,
        apiKey,
        before,
        signal: end,
        timeoutMs: limits.pageTimeoutMs,
        maxBytes: limits.maxPageBytes,
      });
    let before: string | undefined;
    for (let count = 0; count < limits.maxPages; count++) {
      let page = await ask(before);
      // Pages that were read are worth a second try; the caller itself repeats a request for a
      // first page.
      if (count > 0 && isTransient(page) && !end.aborted) page = await ask(before);
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

/** Whether a page that failed may come on a second request: not if the provider refused it. */
function isTransient(page: MessagesPage): boolean {
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
