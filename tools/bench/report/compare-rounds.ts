import type { Sample } from '../results.js';
import { type Spread, spreadOf } from './spread.js';

/**
 * The ratios of two systems' figures at one load, round by round, as the machine may be faster in
 * one than in another.
 */
export function compareRounds(
  own: readonly Sample[],
  others: readonly Sample[],
  read: (sample: Sample) => number | undefined,
): Spread | undefined {
  return spreadOf(
    own.map((sample) => {
      const other = others.find(({ round }) => round === sample.round);
      const base = other && read(other);
      const figure = read(sample);
      return figure !== undefined && base !== undefined ? figure / base : undefined;
    }),
  );
}
