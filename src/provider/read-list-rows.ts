import type { UnreadableList } from '../domain/unreadable-list.js';
import { isRecord } from '../domain/is-record.js';
import type { ProviderReply } from './classify-reply.js';
import { readCode } from './provider-code.js';
import { readListReply } from './read-list-reply.js';
import { saysNo, speaksOfKey } from './reply-evidence.js';

/** The rows of a list, or why there are none. */
export type ListRows = { readonly kind: 'rows'; readonly rows: readonly unknown[] } | UnreadableList;

/** What the provider may say of an empty list. */
const SAYS_EMPTY =
  /^(?:no|aucune?|0|zero)\b.*\b(?:sms|messages?|mobiles?|phones?|devices?|rows?|data|results?|records?)\b|\bempty\b|\bnot found\b|^(?:none|nothing)$/i;

/**
 * The rows of a list that its `result` holds under one of these names; pure.
 *
 * An empty list counts as read, unless its `error` says that something is wrong: then the rows may
 * be missing. Where there are rows, `error` says nothing.
 */
export function readListRows(reply: ProviderReply, names: readonly string[], nowMs: number): ListRows {
  const list = readListReply(reply, nowMs);
  if (list.kind === 'unreadable') return list;
  const { error } = list.result;
  const unreadable = (reason: string): UnreadableList => {
    const isKey = speaksOfKey(readCode(error) ?? '');
    return {
      kind: 'unreadable',
      code: isKey ? 'API_KEY_INVALID' : 'PROVIDER_UNAVAILABLE',
      reason: isKey ? 'the API key was refused' : reason,
      httpStatus: reply.status,
    };
  };
  const rows = names.map((name) => rowsOf(list.result[name])).find((value) => value !== undefined);
  if (rows === undefined) return unreadable('the result contained no list');
  if (rows.length > 0 || saysNo(error)) return { kind: 'rows', rows };
  const isEmpty = !speaksOfKey(readCode(error) ?? '') && SAYS_EMPTY.test(wordsOf(error));
  return isEmpty ? { kind: 'rows', rows } : unreadable('the provider reported an error');
}

/** PHP writes a list with gaps as an object of its rows. */
function rowsOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (!isRecord(value)) return undefined;
  const rows = Object.values(value);
  return rows.every(isRecord) ? rows : [value];
}

function wordsOf(error: unknown): string {
  return (readCode(error) ?? '').replaceAll(/[_-]/g, ' ');
}
