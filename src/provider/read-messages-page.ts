import type { SentMessages } from '../domain/sent-messages.js';
import { isRecord } from '../domain/is-record.js';
import type { ProviderReply } from './classify-reply.js';
import { parseJson } from './json.js';
import { isProviderError } from './reply-evidence.js';

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
export function readMessagesPage({ status, body, cut }: Omit<ProviderReply, 'retryAfter'>): MessagesPage {
  const unreadable = (reason: string): MessagesPage => ({ kind: 'unreadable', reason, httpStatus: status });
  if ((status === 401 || status === 403) && isProvidersOwn(body, status)) {
    return unreadable('the API key was refused');
  }
  if (status === 429) return unreadable('too many requests');
  if (status < 200 || status > 299) return unreadable(`the reply was HTTP ${status}`);
  if (cut === 'too-large') return unreadable('the reply was too large');
  if (cut === 'broken') return unreadable('the reply was cut off');
  if (body.trim() === '') return unreadable('the reply was empty');
  const json = parseJson(body);
  if (!isRecord(json)) return unreadable('the reply was not a JSON object');
  const result = json['result'];
  if (!isRecord(result)) return unreadable('the reply contained no result');
  const rows: unknown = result['sms'];
  if (!Array.isArray(rows)) return unreadable('the result contained no list of messages');
  return { kind: 'page', rows };
}

/** A firewall or proxy that answers instead says nothing of the key. */
function isProvidersOwn(body: string, status: number): boolean {
  const json = parseJson(body);
  return isRecord(json) && isProviderError(json, status);
}
