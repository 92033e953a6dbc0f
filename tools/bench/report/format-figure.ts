import type { Spread } from './spread.js';

/** What stands for a figure that was not measured. */
export const MISSING = '–';

/** A figure to about three digits: `1,234`, `123`, `12.3`, `1.23`. */
export function formatFigure(value: number | undefined): string {
  if (value === undefined) return MISSING;
  const digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return formatFixed(value, digits);
}

/** A figure with this many digits after the point, and thousands apart. */
export function formatFixed(value: number | undefined, digits = 0): string {
  if (value === undefined) return MISSING;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A figure with its unit; the unit is left out where there is no figure. */
export function formatWithUnit(value: number | undefined, unit: string): string {
  return value === undefined ? MISSING : `${formatFigure(value)} ${unit}`;
}

/** The median with the lowest and the highest behind it. */
export function formatSpread(spread: Spread | undefined): string {
  if (spread === undefined) return MISSING;
  return `${formatFigure(spread.median)} (${formatFigure(spread.lowest)}–${formatFigure(spread.highest)})`;
}
