import type { UnreadableList } from '../domain/unreadable-list.js';
import { fetchList } from './fetch-list.js';
import { readListReply } from './read-list-reply.js';
import { unreadableList } from './unreadable-list.js';

/** Which rows of the list of sent messages are wanted: one by its id, or a page. */
export interface DeliveriesFilter {
  readonly guid_message?: string;
  readonly before?: string;
}

/** One reply of the list of sent messages: its rows as they came, or why there are none. */
export type Deliveries = { readonly kind: 'rows'; readonly rows: readonly unknown[] } | UnreadableList;

/** Makes one request for rows; never throws. */
export type FetchDeliveries = (apiKey: string, filter: DeliveriesFilter) => Promise<Deliveries>;

/**
 * Makes {@link FetchDeliveries}.
 *
 * @param options.baseUrl with a slash at its end
 */
export function createFetchDeliveries(options: {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}): FetchDeliveries {
  return async (apiKey, filter) => {
    const answer = await fetchList({
      ...options,
      path: 'log/sent/sms/',
      apiKey,
      filters: { ...filter },
      // Several runs wait for it: it is not for one of them to end it.
      signal: new AbortController().signal,
    });
    if (answer.kind === 'failed') return unreadableList(answer.reason, answer.httpStatus);
    const list = readListReply(answer.reply, Date.now());
    if (list.kind === 'unreadable') return list;
    // `result.error` does not count: the provider sets it while a row does not exist yet.
    const rows: unknown = list.result['sms'];
    return Array.isArray(rows)
      ? { kind: 'rows', rows: rows as readonly unknown[] }
      : unreadableList('the result contained no list of messages', answer.reply.status);
  };
}
