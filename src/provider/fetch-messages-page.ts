import { setMaxListeners } from 'node:events';
import { describeNetworkError } from './network-errors.js';
import { readBody } from './read-body.js';
import { readMessagesPage, type MessagesPage } from './read-messages-page.js';

/** A request for one page of the list of sent messages. */
export interface MessagesPageRequest {
  /** With a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** The provider's own way to say how far back the page begins; undefined for the newest rows. */
  readonly before: string | undefined;
  /** Ends the request; what the page then says of it does not matter. */
  readonly signal: AbortSignal;
  /** For the request in all, in milliseconds; Node itself gives up connecting after 10 s. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/**
 * Makes one request for a page; never throws, never follows a redirect.
 *
 * The key has to go into the query string here, so the address is never shown: nothing of an error
 * but its code is kept. Filters by number or text are not used, as they would put these there too.
 */
export async function fetchMessagesPage(request: MessagesPageRequest): Promise<MessagesPage> {
  const { baseUrl, apiKey, before, signal, timeoutMs, maxBytes } = request;
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  let overdue: string | undefined;
  const timer = setTimeout(() => {
    overdue = 'no complete reply within the time-out';
    abort.abort();
  }, timeoutMs);
  const onAbort = () => {
    abort.abort();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    const url = new URL('log/sent/sms/', baseUrl);
    url.search = new URLSearchParams({ apikey: apiKey, ...(before !== undefined && { before }) }).toString();
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'application/json', connection: 'close' },
      signal: abort.signal,
    });
    const body = await readBody(response, maxBytes);
    // A body that the time-out cut off looks like one that broke off.
    if (overdue !== undefined) return { kind: 'unreadable', reason: overdue, httpStatus: response.status };
    return readMessagesPage({ status: response.status, ...body });
  } catch (error) {
    return { kind: 'unreadable', reason: overdue ?? describeNetworkError(error) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    // Nothing of the connection outlives the request, also where the body was not read to its end.
    abort.abort();
  }
}
