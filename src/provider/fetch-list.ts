import { setMaxListeners } from 'node:events';
import type { ProviderReply } from './classify-reply.js';
import { describeNetworkError } from './network-errors.js';
import { readBody } from './read-body.js';

/** A request for a list of the provider. */
export interface ListRequest {
  /** With a slash at its end. */
  readonly baseUrl: string;
  /** Below the base URL, with a slash at its end. */
  readonly path: string;
  readonly apiKey: string;
  /** Filters, which must not hold a number or a text, as addresses are logged on their way. */
  readonly filters: Readonly<Record<string, string>>;
  /** Ends the request; what then comes of it does not matter. */
  readonly signal: AbortSignal;
  /** For the request in all, in milliseconds; Node itself gives up connecting after 10 s. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** What came of it: a reply, or why there is none. */
export type ListReply =
  | { readonly kind: 'reply'; readonly reply: ProviderReply }
  | { readonly kind: 'failed'; readonly reason: string; readonly httpStatus?: number };

/**
 * Makes one request for a list; never throws, never follows a redirect.
 *
 * The key has to go into the query string here, so the address is never shown: nothing of an error
 * but its code is kept.
 */
export async function fetchList(request: ListRequest): Promise<ListReply> {
  const { baseUrl, path, apiKey, filters, signal, timeoutMs, maxBytes } = request;
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
    const url = new URL(path, baseUrl);
    url.search = new URLSearchParams({ apikey: apiKey, ...filters }).toString();
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'application/json', connection: 'close' },
      signal: abort.signal,
    });
    const { status, headers } = response;
    const body = await readBody(response, maxBytes);
    // A body that the time-out cut off looks like one that broke off.
    if (overdue !== undefined) return { kind: 'failed', reason: overdue, httpStatus: status };
    return { kind: 'reply', reply: { status, retryAfter: headers.get('retry-after'), ...body } };
  } catch (error) {
    return { kind: 'failed', reason: overdue ?? describeNetworkError(error) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    // Nothing of the connection outlives the request, also where the body was not read to its end.
    abort.abort();
  }
}
