import { MAGIC_PREFIX, readMagicNumber } from '../../simulator/magic-number.js';

/**
 * Numbers kept for fiction that ask the simulator for nothing, so that only the plan decides what
 * happens.
 */
const PLAIN_NUMBERS: readonly string[] = Array.from(
  { length: 9_000 },
  (_, index) => `${MAGIC_PREFIX}${index + 1_000}`,
).filter((number) => readMagicNumber(number) === undefined && isOfNoFault(number));

/**
 * Codes from 200 to 699 are left out whole: a digit beside a magic number means nothing today, and
 * may tomorrow.
 */
function isOfNoFault(number: string): boolean {
  const code = Number(number.slice(-4, -1));
  return code < 200 || code >= 700;
}

/** How many sends a plan can hold: each may need a number of its own. */
export const MAX_SENDS = PLAIN_NUMBERS.length;

/** The number at this index, from 0 to {@link MAX_SENDS} − 1. */
export function plainNumber(index: number): string {
  const number = PLAIN_NUMBERS[index];
  if (number === undefined) throw new RangeError(`Only ${MAX_SENDS} plain numbers exist.`);
  return number;
}
