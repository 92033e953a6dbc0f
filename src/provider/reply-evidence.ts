import { isRecord } from '../domain/is-record.js';
import { readCode } from './provider-code.js';

/** Ways to say no; any other value that is not blank may mean yes. */
const NO = /^(?:0+|no|n|non|not|off|false|none|null|nil)$/i;

/** What the provider says of a message that it refuses, beside no. */
const REFUSED = /^(?:api_error|error|failed|rejected|refused)$/i;

/** Fields that say whether the message was taken, in plain spelling. */
const TAKEN = new Set(['sent', 'issent', 'success', 'accepted']);

const STATES = new Set(['status', 'state']);

/** States of a message that was taken. */
const TAKEN_STATES = /^(?:sent|queued|accepted|submitted|pending|sending|delivered)$/i;

/**
 * The plain spelling of a name that ends or begins as an id of a message does; no name of the
 * provider's for a phone does.
 */
const ID_NAME =
  /(?:^|message|msg|sms|send|sent|queue|job|batch|unique)ids?$|^[ms]id$|^ids?(?:message|msg|sms)|g?uids?|uuid/;

/** The id is a word of its own: `sms_id`, `requestId`. */
const ID_WORD = /^(?:ids?|g?uids?|uuids?)$/;

/** Error codes about the key; 1 is another. */
const KEY_WORDS =
  /api.?key|unauthori[sz]ed|not.?authori[sz]ed|forbidden|authenticat|access.?denied|subscription|expired/i;

/** A reply is not nested deeper. */
const MAX_DEPTH = 6;

/** Whether a field of a reply says no, or nothing. */
export function saysNo(value: unknown): boolean {
  if (value === undefined || value === false || isEmptyList(value)) return true;
  const word = readCode(value);
  return word !== undefined && (word === '' || NO.test(word));
}

/**
 * Whether a reply that reports an error holds anything that speaks for a message that was taken all
 * the same: an id under any name, or a field that says so in any words.
 *
 * @param refused the words `api_error`, `failed` and the like say no, too
 */
export function speaksOfMessage(json: Record<string, unknown>, { refused }: { refused: boolean }): boolean {
  const places = [json, ...(isRecord(json['result']) ? [json['result']] : [])];
  const isTaken = ([name, value]: [string, unknown]) => {
    const plainName = wordsOf(name).join('');
    const word = readCode(value) ?? '';
    if (STATES.has(plainName)) return TAKEN_STATES.test(word);
    return TAKEN.has(plainName) && !saysNo(value) && !(refused && REFUSED.test(word));
  };
  return places.some((place) => Object.entries(place).some(isTaken)) || holdsId(json, 0);
}

/** Whether a result's error says that the key may not be used. */
export function speaksOfKey(error: string): boolean {
  return error === '1' || KEY_WORDS.test(error);
}

/** Whether the body of a 4xx is the provider's own: `{"error": string|int, "message": string}`. */
export function isProviderError(json: Record<string, unknown>, status: number): boolean {
  if (typeof json['message'] !== 'string' || (readCode(json['error']) ?? '') === '') return false;
  // Web frameworks, and the proxies made with them, answer with the same two fields and repeat the
  // status in another.
  return !Object.entries(json).some(
    ([name, value]) => name !== 'error' && readCode(value) === String(status),
  );
}

function holdsId(value: unknown, depth: number): boolean {
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, inner]: [string, unknown]) =>
      (!Array.isArray(value) && isIdName(name) && !isNoId(inner)) || holdsId(inner, depth + 1),
  );
}

function isIdName(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word) => ID_WORD.test(word)) || ID_NAME.test(words.join(''));
}

/** PHP's ways to say "none" are not ids. */
function isNoId(value: unknown): boolean {
  return value === undefined || value === false || isEmptyList(value) || readCode(value) === '';
}

/** PHP writes an empty list for nothing. */
function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** The words of a name in any spelling: `messageId`, `MESSAGE_ID`, `message-id`. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '');
}
