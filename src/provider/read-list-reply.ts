import { isRecord } from '../domain/is-record.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import type { UnreadableList } from '../domain/unreadable-list.js';
import type { ProviderReply } from './classify-reply.js';
import { parseJson } from './json.js';
import { isProviderError } from './reply-evidence.js';
import { parseRetryAfterMs } from './retry-after.js';

/** The `result` of a list's reply, or why there is none. */
export type ListResult =
  { readonly kind: 'result'; readonly result: Readonly<Record<string, unknown>> } | UnreadableList;

/** What the reply of any list holds; pure. `nowMs` (epoch) is for a Retry-After that is a date. */
export function readListReply(reply: ProviderReply, nowMs: number): ListResult {
  const { status, body, cut } = reply;
  const retryAfterMs = parseRetryAfterMs(reply.retryAfter, nowMs);
  const unreadable = (
    reason: string,
    code: UnreadableList['code'] = 'PROVIDER_UNAVAILABLE',
  ): UnreadableList => ({
    kind: 'unreadable',
    code,
    reason,
    httpStatus: status,
    ...omitUndefined({ retryAfterMs }),
  });
  if ((status === 401 || status === 403) && isProvidersOwn(body, status)) {
    return unreadable('the API key was refused', 'API_KEY_INVALID');
  }
  if (status === 429) return unreadable('too many requests', 'RATE_LIMITED');
  if (status < 200 || status > 299) return unreadable(`the reply was HTTP ${status}`);
  if (cut === 'too-large') return unreadable('the reply was too large');
  if (cut === 'broken') return unreadable('the reply was cut off');
  if (body.trim() === '') return unreadable('the reply was empty');
  const json = parseJson(body);
  if (!isRecord(json)) return unreadable('the reply was not a JSON object');
  const result = json['result'];
  return isRecord(result) ? { kind: 'result', result } : unreadable('the reply contained no result');
}

/** A firewall or proxy that answers instead says nothing of the key. */
function isProvidersOwn(body: string, status: number): boolean {
  const json = parseJson(body);
  return isRecord(json) && isProviderError(json, status);
}
