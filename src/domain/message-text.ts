/**
 * What shows something: letters, digits, punctuation, symbols, and the code points kept for emoji
 * to come.
 */
const SHOWS = /[\p{L}\p{N}\p{P}\p{S}\p{Extended_Pictographic}]/u;

/**
 * Of these, what shows nothing all the same: fillers and the like, blanks of Braille, music and
 * hieroglyphs, and what stands for an object that is not there.
 */
const SHOWS_NOTHING = /[\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{1d159}\u{13441}\u{13442}]/gu;

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Whether a phone shows anything of a text. Spaces, marks of direction and accents without a letter
 * are nothing.
 */
export function isVisible(text: string): boolean {
  return SHOWS.test(text.replaceAll(SHOWS_NOTHING, ''));
}

/**
 * Whether a text is well-formed Unicode: half an emoji arrives as U+FFFD, and is never found again
 * among the sent messages.
 */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}
