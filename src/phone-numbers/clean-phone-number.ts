/**
 * Invisible characters: marks of writing direction, byte order marks, soft hyphens, joiners,
 * fillers, variation selectors.
 */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** White space and line ends of every script, and the blank of Braille. */
const BLANK = /[\s\p{Z}\p{Cc}\u2800]+/gu;

const DIGIT = /\p{Nd}/gu;

const PLUS = /[\u207a\u208a\u2795\ufe62\uff0b]/gu;

/**
 * Dashes, dots, slashes and brackets of every script, as they stand between the digits of a number.
 */
const SEPARATORS =
  /[ \p{Pd}\u02d7\u2043\u2212\u2796\u30fc\p{Pc}\p{Ps}\p{Pe}.\u00b7\u2022\u2024\u2026\u2027\u2219\u22c5\u3002\u30fb\uff0e\uff61\uff65/\\\u2044\u2215\u29f8\uff0f\uff3c~\u2053\u223c\uff5e]/gu;

/** Quotes and angle brackets around a number, and what ends a sentence. */
const LEADING = /^[ "'`<\p{Pi}\p{Pf}]+/u;
const TRAILING = /[ "'`>\p{Pi}\p{Pf}.,;:]+$/u;

/** Links to call or text a number, and the label that people write before one. */
const SCHEME = /^(?<name>tel|t[eé]l[eé]phone|t[eé]l|callto|sms|smsto)[ .]*:[ /]*/iu;

/** A trunk prefix that callers from abroad leave out: +33 (0)6 …. */
const OPTIONAL_ZERO = /\p{Ps} *0 *\p{Pe}/gu;

/** Fixed lines in Italy keep their 0, mobile numbers, which begin with 3, have none. */
const KEEPS_ZERO = /^\+?(?:00)?390(?!3)/;

/**
 * A phone number as people write, paste and link it, as digits with or without a plus before them;
 * undefined if it is something else, such as two numbers, a number with an extension, or one with
 * words around it.
 */
export function cleanPhoneNumber(written: string): string | undefined {
  const plain = written
    .normalize('NFC')
    .replaceAll(BLANK, ' ')
    .replaceAll(INVISIBLE, '')
    .replaceAll(DIGIT, toAsciiDigit)
    .replaceAll(PLUS, '+');
  const number = readLink(unwrap(plain));
  if (number === undefined) return undefined;
  const isInternational = /^[+ \p{Ps}]*(?:\+|00)/u.test(number);
  const zero = isInternational && !KEEPS_ZERO.test(number.replaceAll(SEPARATORS, '')) ? '' : '0';
  const compact = number.replaceAll(OPTIONAL_ZERO, zero).replaceAll(SEPARATORS, '');
  const { plus, digits } = /^(?<plus>\+*)(?<digits>\d+)$/.exec(compact)?.groups ?? {};
  if (plus === undefined || digits === undefined) return undefined;
  return plus === '' ? digits : `+${digits.replace(/^00/, '')}`;
}

function unwrap(text: string): string {
  return text.replace(LEADING, '').replace(TRAILING, '');
}

/**
 * The number of a link (RFC 3966, RFC 5724), with the context of a local one and without its
 * parameters.
 */
function readLink(text: string): string | undefined {
  const scheme = SCHEME.exec(text);
  if (scheme === null) return text;
  const link = decodePercents(text.slice(scheme[0].length));
  if (link === undefined || /;ext=[^;]/i.test(link)) return undefined;
  const [number = ''] = link.split(/[;?]/, 1);
  const context = /;phone-context=(?<prefix>\+[\d\-.() ]+)/i.exec(link)?.groups?.['prefix'] ?? '';
  return unwrap(number.includes('+') ? number : `${context}${number}`);
}

function decodePercents(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Decimal digits come in runs from 0 to 9, one after the other (Unicode Standard, section 4.6). */
function toAsciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before++;
  return String(before % 10);
}
