import Table from 'cli-table3';
import { printable } from './printable.js';

const NO_LINES = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);

/**
 * Rows as lines, a column beside the other; the last column is whole.
 *
 * @param style.widths characters of each column but the last, of one page and the next alike
 */
export function renderTable(
  rows: readonly (readonly string[])[],
  { widths, isBold = false }: { readonly widths: readonly number[]; readonly isBold?: boolean },
): string {
  const table = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 2, head: [], border: [] },
    colWidths: [...widths, null],
  });
  table.push(...rows.map((row) => row.map(printable)));
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
  return isBold ? `\u001b[1m${lines}\u001b[22m` : lines;
}

/** A time of a table: ISO 8601, UTC, to the second. */
export function toSecond(iso: string): string {
  return `${iso.slice(0, 19)}Z`;
}
