import { readFileSync } from 'node:fs';

const list = JSON.parse(readFileSync(new URL('./banned-phrases.json', import.meta.url), 'utf8'));

const PHRASES = Object.entries(list).map(([pattern, advice]) => ({
  // A phrase may go on in the next line of a comment or a paragraph.
  pattern: new RegExp(String.raw`\b(?:${pattern.replaceAll(' ', String.raw`[\s*]+`)})\b`, 'gi'),
  advice,
}));

/** The banned phrases of a text, each with its place and what to write instead. */
export function findBannedPhrases(text) {
  return PHRASES.flatMap(({ pattern, advice }) =>
    [...text.matchAll(pattern)].map(({ 0: phrase, index }) => ({ phrase, index, advice })),
  );
}
