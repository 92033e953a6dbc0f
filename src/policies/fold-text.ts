/** Letters that look like Latin ones, and stand for them in a word of an opt-out. */
const LOOK_ALIKES = new Map([...zip('авекмнорстухѕіј', 'abekmhopctyxsij'), ...zip('αεικορτυχ', 'aeikoptux')]);

/** Marks, and characters that show nothing: joiners, directions, soft hyphens, Hangul fillers. */
const INVISIBLE = /[\p{M}\p{Cf}\u115f\u1160\u3164\uffa0]+/gu;

/** What people type as an apostrophe; decomposition makes a blank of some. */
const APOSTROPHES = /['’‘‛ʼ´`′＇]/g;

/** Words, with what an apostrophe or a hyphen joins to them. */
const WORDS = /[\p{L}\p{N}]+(?:['\-‐‑][\p{L}\p{N}]+)*/gu;

/** No word of a list is longer. */
const MAX_TOKEN_LENGTH = 40;

/** The words of a text, as they are compared. */
export interface FoldedText {
  /** How many words it has, as people count: `m'envoyer` and `désabonnez-moi` are one each. */
  readonly wordCount: number;
  /** The words and parts of words, in small letters without accents; numbers are one token each. */
  readonly tokens: readonly string[];
}

/**
 * Folds case, accents, width and other forms of letters (NFKD), look-alikes of other scripts,
 * punctuation and invisible characters. Takes linear time.
 */
export function foldText(text: string): FoldedText {
  const tokens: string[] = [];
  let wordCount = 0;
  for (const piece of foldLetters(text).split(/\s+/)) {
    // The words of an address are not the writer's.
    const words = /^(?:https?:|www\.)|.@./.test(piece) ? ['@'] : (piece.match(WORDS) ?? []);
    wordCount += words.length;
    for (const word of words) for (const token of word.split(/['\-‐‑]/)) tokens.push(tidyToken(token));
  }
  return { wordCount, tokens: joinDigits(joinLetters(tokens)) };
}

function foldLetters(text: string): string {
  // Marks go first: to sort many of them on one letter would take quadratic time.
  const plain = text.replace(INVISIBLE, '').replace(APOSTROPHES, "'").normalize('NFKD');
  return plain
    .replace(INVISIBLE, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[\p{Script=Cyrillic}\p{Script=Greek}]/gu, (letter) => LOOK_ALIKES.get(letter) ?? letter);
}

/** `stooop` and `st0p` are one word with `stop`. */
function tidyToken(token: string): string {
  if (token.length > MAX_TOKEN_LENGTH) return '@';
  const letters = /\p{L}/u.test(token) ? token.replaceAll('0', 'o') : token;
  return letters.replace(/(\p{L})\1{2,}/gu, '$1');
}

/** `s t o p` is one word: three letters or more, each on its own. */
function joinLetters(tokens: readonly string[]): string[] {
  return joinRuns(tokens, (token) => /^\p{L}$/u.test(token), 3);
}

/** `06 12 34 56 78` is one number. */
function joinDigits(tokens: readonly string[]): string[] {
  return joinRuns(tokens, (token) => /^\p{N}+$/u.test(token), 2);
}

function joinRuns(tokens: readonly string[], isPart: (token: string) => boolean, least: number): string[] {
  const joined: string[] = [];
  let run: string[] = [];
  const endRun = () => {
    if (run.length >= least) joined.push(run.join(''));
    else joined.push(...run);
    run = [];
  };
  for (const token of tokens) {
    if (isPart(token)) run.push(token);
    else {
      endRun();
      joined.push(token);
    }
  }
  endRun();
  return joined;
}

function zip(letters: string, latin: string): [string, string][] {
  return Array.from(letters, (letter, index) => [letter, latin[index] ?? letter]);
}
