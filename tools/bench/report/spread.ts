import { median } from './median.js';

/** A figure over several rounds, in the unit of the figure. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The spread of the measured values without missing ones and ones that are not numbers; undefined
 * if none is left.
 */
export function spreadOf(values: readonly (number | undefined)[]): Spread | undefined {
  const measured = values.filter((value) => value !== undefined && Number.isFinite(value)) as number[];
  const middle = median(measured);
  if (middle === undefined) return undefined;
  return { median: middle, lowest: Math.min(...measured), highest: Math.max(...measured) };
}
