import type { InboundMessage, InboxReading, InboxRequest } from '../domain/inbound-messages.js';
import { fetchList } from './fetch-list.js';
import { hashOf, readInboundRow, type InboundRow } from './read-inbound-row.js';
import { readListRows, type ListRows } from './read-list-rows.js';
import { unreadableList } from './unreadable-list.js';
import { withinLimits } from './within-limits.js';

/** The limits of one reading of the inbox, or of the list of phones. */
export interface InboxLimits {
  /** For one request, in milliseconds. */
  readonly pageTimeoutMs: number;
  readonly maxPageBytes: number;
  /** For the reading in all, in milliseconds. */
  readonly totalTimeoutMs: number;
  readonly maxPages: number;
}

/** The limits unless a caller wants others. */
export const INBOX_LIMITS: InboxLimits = {
  pageTimeoutMs: 15_000,
  maxPageBytes: 2 * 1024 * 1024,
  totalTimeoutMs: 40_000,
  maxPages: 40,
};

const SECOND_MS = 1_000;

/**
 * Makes the reader of the inbox, which never throws.
 *
 * The provider publishes no limit of rows. A list that is not newest first may have been cut at its
 * new end, so it is asked on after its newest row until nothing new comes.
 *
 * @param options.baseUrl with a slash at its end
 */
export function createInboxReader(options: {
  baseUrl: string;
  limits: InboxLimits;
}): (request: InboxRequest) => Promise<InboxReading> {
  const { baseUrl, limits } = options;

  return function readInbox(request) {
    return withinLimits<InboxReading>(
      { signal: request.signal, totalTimeoutMs: limits.totalTimeoutMs },
      (end) => readPages(request, end),
      {
        aborted: unreadableList('the read was aborted'),
        failed: unreadableList('the inbox cannot be read'),
      },
    );
  };

  async function readPages(request: InboxRequest, end: AbortSignal): Promise<InboxReading> {
    const found = createCollection();
    let skipped = 0;
    let sinceMs = request.sinceMs;
    for (let count = 0; count < limits.maxPages; count++) {
      const list = await readPage(request, sinceMs, end);
      if (list.kind === 'unreadable') {
        return end.aborted ? unreadableList('reading the inbox took too long') : list;
      }
      const nowMs = Date.now();
      const rows = list.rows.map((row) => readInboundRow(row, nowMs));
      const readable = rows.filter((row) => row !== undefined);
      if (rows.length > 0 && readable.length === 0) return unreadableList('no row of the inbox can be read');
      if (count === 0) skipped = rows.length - readable.length;
      const isNew = readable.map(({ message }) => found.add(message)).includes(true);
      const nextMs = cutAfter(readable);
      if (nextMs === undefined || !isNew || nextMs < sinceMs) {
        return { kind: 'read', messages: found.messages(), skipped };
      }
      sinceMs = nextMs;
    }
    return unreadableList('the inbox has more pages than are read');
  }

  async function readPage(
    { apiKey, phoneId }: InboxRequest,
    sinceMs: number,
    end: AbortSignal,
  ): Promise<ListRows> {
    const answer = await fetchList({
      baseUrl,
      path: 'getsms/',
      apiKey,
      filters: {
        // A second earlier: "after" may leave out the second itself.
        ...(sinceMs > 0 && {
          after_timestamp_unix: String(Math.max(0, Math.floor(sinceMs / SECOND_MS) - 1)),
        }),
        ...(phoneId !== undefined && { sIdentifiantPhone: phoneId }),
      },
      signal: end,
      timeoutMs: limits.pageTimeoutMs,
      maxBytes: limits.maxPageBytes,
    });
    if (answer.kind === 'failed') return unreadableList(answer.reason, answer.httpStatus);
    return readListRows(answer.reply, ['sms'], Date.now());
  }
}

/**
 * From when on rows may be missing, epoch milliseconds: the last row's time, unless the newest
 * comes first. Undefined where nothing can be missing, or no date says from where to go on.
 */
function cutAfter(rows: readonly InboundRow[]): number | undefined {
  const times = rows.flatMap(({ time }) => (time?.kind === 'exact' ? time.atMs : []));
  const newestMs = times.reduce((one, other) => Math.max(one, other), -Infinity);
  return times.length < 2 || times[0] === newestMs ? undefined : times.at(-1);
}

/**
 * Collects messages, each once. Two that differ under one id are both kept, the later under another
 * id: an id that is not unique must not swallow a message.
 */
function createCollection() {
  const found = new Map<string, InboundMessage>();
  const contentOf = ({ from, message, receivedAtMs, phoneId }: InboundMessage) =>
    hashOf([from, message, receivedAtMs, phoneId]);

  return {
    /** Whether it is another message than those before. */
    add(message: InboundMessage): boolean {
      const same = found.get(message.providerId);
      if (same === undefined) {
        found.set(message.providerId, message);
        return true;
      }
      const content = contentOf(message);
      if (content === contentOf(same)) return false;
      const providerId = `${message.providerId} ${content}`;
      if (found.has(providerId)) return false;
      found.set(providerId, { ...message, providerId });
      return true;
    },
    messages: (): InboundMessage[] => [...found.values()],
  };
}
