import { foldText } from './fold-text.js';
import {
  entriesOf,
  KEYWORDS,
  LIKELY_WORDS,
  ORDINARY_KEYWORDS,
  PHRASES,
  type WordList,
} from './opt-out-words.js';
import { BEFORE_CODE, POLITE_WORDS } from './polite-words.js';

/** What an inbound message asks for. */
export type InboundKind =
  /** The sender never wants to hear from the account again. */
  | 'opt-out'
  /** The sender may mean that: a person decides, and sends to the number wait. */
  | 'possible-opt-out'
  /** Anything else. */
  | 'message';

/** What a part of a text is. */
type Part = 'keyword' | 'phrase' | 'ordinary' | 'likely' | 'polite' | 'code' | 'other';

/** A keyword in a longer text is an ordinary word of it. */
const MAX_WORDS = 6;

/** How many polite words, or numbers, an opt-out may have beside it. */
const MAX_POLITE = 2;

/** Signs that say “stop” without a word. */
const STOP_SIGNS = /[🛑⛔🚫]/u;

/** A short code, or the sender's own number. */
const NUMBER = /^\p{N}{4,15}$/u;

const DICTIONARY = createDictionary([
  ['phrase', PHRASES],
  ['keyword', KEYWORDS],
  ['ordinary', ORDINARY_KEYWORDS],
  ['likely', LIKELY_WORDS],
  ['polite', POLITE_WORDS],
]);

const CODE_INTRODUCTIONS = new Set(entriesOf(BEFORE_CODE));

/**
 * Whether an inbound message is an opt-out, in English, French, German, Spanish, Italian, Dutch or
 * Portuguese.
 *
 * A keyword or an explicit request is one, alone or with up to two words of politeness or a number.
 * A keyword in a text of at most six words, and an explicit request in any text, is a possible one.
 * Takes linear time.
 *
 * @example
 * classifyInbound('STOP merci !'); // 'opt-out'
 * classifyInbound('Non-stop ?'); // 'possible-opt-out'
 * classifyInbound('Top, merci'); // 'message'
 */
export function classifyInbound(text: string): InboundKind {
  const { tokens, wordCount } = foldText(text);
  if (tokens.length === 0) return STOP_SIGNS.test(text) ? 'possible-opt-out' : 'message';
  const counts = countParts(tokens);
  const isClear = counts.keyword + counts.phrase > 0;
  const isUnclear = counts.ordinary + counts.likely > 0;
  if (counts.other === 0) {
    const beside = counts.polite + counts.code;
    if (isClear && beside <= MAX_POLITE) return 'opt-out';
    if (counts.ordinary > 0 && tokens.length === 1) return 'opt-out';
    if (isUnclear && beside <= MAX_POLITE) return 'possible-opt-out';
  }
  if (counts.phrase > 0 || (counts.keyword > 0 && wordCount <= MAX_WORDS)) return 'possible-opt-out';
  return 'message';
}

/** How many parts of each kind the tokens make up; the longest known sequence of words wins. */
function countParts(tokens: readonly string[]): Record<Part, number> {
  const counts = { keyword: 0, phrase: 0, ordinary: 0, likely: 0, polite: 0, code: 0, other: 0 };
  for (let index = 0; index < tokens.length;) {
    const { part, length } = partAt(tokens, index);
    counts[part]++;
    index += length;
  }
  return counts;
}

function partAt(tokens: readonly string[], index: number): { part: Part; length: number } {
  const token = tokens[index] ?? '';
  for (const { words, part } of DICTIONARY.get(token) ?? [])
    if (words.every((word, offset) => word === tokens[index + offset])) return { part, length: words.length };
  if (NUMBER.test(token)) return { part: 'code', length: 1 };
  if (CODE_INTRODUCTIONS.has(token) && NUMBER.test(tokens[index + 1] ?? ''))
    return { part: 'code', length: 2 };
  return { part: 'other', length: 1 };
}

/** An entry of the dictionary: words in a row, and what they are. */
interface Entry {
  readonly words: readonly string[];
  readonly part: Part;
}

/** Entries by their first word, the longest first; folded as texts are. */
function createDictionary(lists: readonly [Part, WordList][]): ReadonlyMap<string, readonly Entry[]> {
  const dictionary = new Map<string, Entry[]>();
  for (const [part, list] of lists)
    for (const text of entriesOf(list)) {
      const words = foldText(text).tokens;
      const first = words[0] ?? '';
      dictionary.set(first, [...(dictionary.get(first) ?? []), { words, part }]);
    }
  for (const entries of dictionary.values())
    entries.sort((one, other) => other.words.length - one.words.length);
  return dictionary;
}
