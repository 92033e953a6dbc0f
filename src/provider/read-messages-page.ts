import type { SentMessages } from '../domain/sent-messages.js';
import type { ProviderReply } from './classify-reply.js';
import { readListReply } from './read-list-reply.js';

/** One reply of `GET /log/sent/sms/`: its rows as they came, or why they could not be read. */
export type MessagesPage =
  | { readonly kind: 'page'; readonly rows: readonly unknown[] }
  | Extract<SentMessages, { kind: 'unreadable' }>;

/**
 * What one reply of the list of sent messages holds; pure.
 *
 * A reply is a page if it is JSON with an array `result.sms`, empty or not. `result.error` does not
 * count: the provider sets it while a row does not exist yet.
 */
export function readMessagesPage(reply: Omit<ProviderReply, 'retryAfter'>): MessagesPage {
  const unreadable = (reason: string): MessagesPage => ({
    kind: 'unreadable',
    reason,
    httpStatus: reply.status,
  });
  const list = readListReply(reply, 0);
  if (list.kind === 'unreadable') return unreadable(list.reason);
  const rows: unknown = list.result['sms'];
  if (!Array.isArray(rows)) return unreadable('the result contained no list of messages');
  return { kind: 'page', rows };
}
