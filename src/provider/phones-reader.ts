import type { PhonesReading, PhonesRequest } from '../domain/connected-phones.js';
import { fetchList } from './fetch-list.js';
import type { InboxLimits } from './inbox-reader.js';
import { readListRows } from './read-list-rows.js';
import { readPhoneRow } from './read-phone-row.js';
import { unreadableList } from './unreadable-list.js';
import { withinLimits } from './within-limits.js';

/** The names under which clients met the list; its shape is not published. */
const LISTS = ['mobiles', 'mobile', 'phones', 'devices'];

/**
 * Makes the reader of the list of phones, which never throws.
 *
 * @param options.baseUrl with a slash at its end
 */
export function createPhonesReader(options: {
  baseUrl: string;
  limits: InboxLimits;
}): (request: PhonesRequest) => Promise<PhonesReading> {
  const { baseUrl, limits } = options;

  return function readPhones(request) {
    return withinLimits<PhonesReading>(
      { signal: request.signal, totalTimeoutMs: limits.totalTimeoutMs },
      (end) => readOnce(request.apiKey, end),
      {
        aborted: unreadableList('the read was aborted'),
        failed: unreadableList('the list of phones cannot be read'),
      },
    );
  };

  async function readOnce(apiKey: string, end: AbortSignal): Promise<PhonesReading> {
    const answer = await fetchList({
      baseUrl,
      path: 'gateway/mobile/list/',
      apiKey,
      filters: {},
      signal: end,
      timeoutMs: limits.pageTimeoutMs,
      maxBytes: limits.maxPageBytes,
    });
    if (answer.kind === 'failed') return unreadableList(answer.reason, answer.httpStatus);
    const nowMs = Date.now();
    const list = readListRows(answer.reply, LISTS, nowMs);
    if (list.kind === 'unreadable') return list;
    const phones = list.rows.map((row) => readPhoneRow(row, nowMs)).filter((phone) => phone !== undefined);
    if (list.rows.length > 0 && phones.length === 0) {
      return unreadableList('no row of the list of phones can be read');
    }
    return { kind: 'read', phones, skipped: list.rows.length - phones.length };
  }
}
