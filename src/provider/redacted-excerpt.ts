import { parseJson } from './json.js';

/** What an excerpt must not show. */
export interface Secrets {
  readonly apiKey: string;
  /** E.164. */
  readonly recipientPhone: string;
  readonly message: string;
}

/** The longest excerpt, in characters. */
export const EXCERPT_LENGTH = 200;

/** More of a body is not looked at, in characters. */
const MAX_EXCERPT_INPUT = 4_000;

/** Stands for what was taken out. */
const GAP = '…';

/** Five or more digits, with anything but letters between them. */
const DIGITS = /\p{N}(?:[^\p{L}\p{N}]*\p{N}){4,}/gu;

/**
 * Four or more words of one or two characters in a row: a text letter by letter, a key byte by
 * byte.
 */
const SPELLED = /(?<![\p{L}\p{N}])[\p{L}\p{N}]{1,2}(?:[^\p{L}\p{N}]+[\p{L}\p{N}]{1,2}(?![\p{L}\p{N}])){3,}/gu;

const WORD = /[^\s"'<>{}()[\],:;!?]+/g;

/** What joins the tokens of a word. */
const JOINT = /[^\p{L}\p{N}]+/u;

/**
 * The start of a reply's body, for people: without markup, and without every word that is, or may
 * encode, a part of a secret. It prefers to leave out too much: words of the text, numbers of one
 * or two digits or of five and more, anything that looks encoded. It never throws.
 */
export function redactedExcerpt(body: string, secrets: Secrets): string {
  const isTold = createJudge(secrets);
  const words = firstPart(jsonOf(body) ?? withoutMarkup(firstPart(body)))
    .replaceAll(DIGITS, GAP)
    .replaceAll(SPELLED, GAP)
    .replaceAll(WORD, (word) => (isTold(word) ? word : GAP))
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/…(?:[^\p{L}\p{N}"{}[\]…]*…)+/gu, GAP)
    .trim();
  return words.length > EXCERPT_LENGTH ? `${words.slice(0, EXCERPT_LENGTH - 1)}${GAP}` : words;
}

/**
 * A word that was cut ends as if it were encoded, because it is unknown what it is the start of.
 */
function firstPart(text: string): string {
  return text.length > MAX_EXCERPT_INPUT ? `${text.slice(0, MAX_EXCERPT_INPUT)}%` : text;
}

/**
 * A JSON body without its escapes; undefined if it is not JSON, or nested too deep to be written.
 */
function jsonOf(body: string): string | undefined {
  try {
    return JSON.stringify(parseJson(body));
  } catch {
    return undefined;
  }
}

/** A script that does not end takes the rest with it. */
function withoutMarkup(html: string): string {
  return html.replaceAll(/<(script|style)\b.*?(?:<\/\1\s*>|$)/gis, ' ').replaceAll(/<[^>]*>?/g, ' ');
}

/** Decides which words may be shown. */
function createJudge(secrets: Secrets): (word: string) => boolean {
  const [apiKey, recipientPhone, message] = [secrets.apiKey, secrets.recipientPhone, secrets.message].map(
    plain,
  ) as [string, string, string];
  const texts = [apiKey, message, ...writingsOf(recipientPhone)];
  const tokens = new Set([apiKey, message].flatMap((secret) => secret.split(JOINT)));
  const parts = [...tokens].filter(({ length }) => length > 3);
  const joined = [apiKey, message].map((secret) => secret.split(JOINT).join(''));

  function tells(token: string): boolean {
    if (token.length < 3) return /^\p{N}/u.test(token) || tokens.has(token) || apiKey.includes(token);
    return (
      texts.some((text) => text.includes(token)) ||
      parts.some((part) => token.includes(part)) ||
      (token.length > 3 && joined.some((text) => text.includes(token)))
    );
  }
  return (word) => {
    if (word === GAP) return true;
    if (word.length > 24 || looksEncoded(word)) return false;
    return !plain(word)
      .split(JOINT)
      .some((token) => token !== '' && tells(token));
  };
}

/**
 * A number in E.164, and as it may be written inside its country: a country code has up to three
 * digits.
 */
function writingsOf(recipientPhone: string): string[] {
  return [recipientPhone, ...[2, 3, 4].map((from) => `0${recipientPhone.slice(from)}`)];
}

/**
 * Escapes, other scripts and signs than a reply needs, and what base64, hexadecimal or an id looks
 * like.
 */
function looksEncoded(word: string): boolean {
  if (/[%&\\=+]/.test(word) || /[^\p{Script=Latin}\p{M}\p{N}\p{P}!-~]/u.test(word)) return true;
  return /\p{N}/u.test(word) ? /\p{L}/u.test(word) : word.length >= 4 && /\p{Ll}\p{Lu}/u.test(word);
}

/** Lower case without accents, so that a reply in capitals or without accents is seen through. */
function plain(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
