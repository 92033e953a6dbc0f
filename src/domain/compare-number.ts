/** Fewer digits than these at the end of a number do not make it that number. */
const ENOUGH_DIGITS = 7;

/**
 * Whether a number, as another system wrote it, is this one (E.164): `+33639980001`, `33639980001`,
 * `0033 6 39 98 00 01` and `06 39 98 00 01` are the same. In doubt `unreadable`.
 */
export function compareNumber(
  written: string | undefined,
  recipientPhone: string,
): 'same' | 'other' | 'unreadable' {
  const plain = (written ?? '').normalize('NFKC').replace('(0)', '').trim();
  if (!/^\+?[\d\s().\-/]+$/.test(plain) || !/\d/.test(plain)) return 'unreadable';
  const digits = plain.replaceAll(/\D/g, '');
  const ours = recipientPhone.slice(1);
  if (plain.startsWith('+')) return digits === ours ? 'same' : unlessAlike(digits, ours);
  if (digits.startsWith('00') && digits.slice(2) === ours) return 'same';
  // Without a plus it may be national, with or without its leading 0.
  const significant = digits.replace(/^0+/, '');
  if (!ours.endsWith(significant)) return unlessAlike(significant, ours);
  return significant.length >= ENOUGH_DIGITS ? 'same' : 'unreadable';
}

/** Another number, unless its end is ours: then its beginning is written in an unforeseen way. */
function unlessAlike(digits: string, ours: string): 'other' | 'unreadable' {
  return digits.slice(-ENOUGH_DIGITS) === ours.slice(-ENOUGH_DIGITS) ? 'unreadable' : 'other';
}
