/** The strings and numbers of a JSON text; a digit or a minus outside a string begins a number. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const NUMBER_PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * The longest number that may be an id, in digits: a longer one, written out, could fill the
 * memory.
 */
const MAX_DIGITS = 400;

/**
 * A number that was rounded, as PHP writes it once it is too great for an integer: not all of its
 * digits are known.
 */
const ROUNDED = /^-?\d+(?:\.\d+)?e\+\d+$/i;

/**
 * A valid JSON text in which each number that JavaScript would change, and each integer beyond
 * 2^53, is a string: of all its digits where the text has them all, else as it is written, in the
 * form `1.5e+20`.
 */
export function writeExactNumbers(json: string): string {
  return json.replaceAll(STRING_OR_NUMBER, (token) => {
    if (token.startsWith('"')) return token;
    const number = Number(token);
    const exact = writeOut(token);
    const isKept = !Number.isInteger(number) || Number.isSafeInteger(number);
    return isKept && exact === writeOut(String(number)) ? token : `"${exact}"`;
  });
}

/** Whether an id stands for several numbers, so that it is unknown which was meant. */
export function isRoundedNumber(id: string): boolean {
  return ROUNDED.test(id);
}

/** A number without exponent, as short as it can be. */
function writeOut(literal: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER_PARTS.exec(literal) ?? [];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (Number(digits) === 0) return '0';
  const isRounded = point > digits.length && !Number.isSafeInteger(Number(literal));
  if (isRounded || Math.abs(point) > MAX_DIGITS) return literal.replace(/e\+?(?=\d)/i, 'e+');
  const padded = point > 0 ? digits.padEnd(point, '0') : '0'.repeat(1 - point) + digits;
  const at = Math.max(1, point);
  const before = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const after = padded.slice(at).replace(/0+$/, '');
  return sign + (after === '' ? before : `${before}.${after}`);
}
