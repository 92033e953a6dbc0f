import Table from 'cli-table3';
import type { SmsListing } from '../client/list-sends.js';
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

/** Of one page and the next alike; the workflow id comes last, whole. */
const WIDTHS = [12, 27, 22, 22, 24, 24];

const HEAD = ['STATUS', 'CODE', 'STARTED', 'CLOSED', 'LEAD', 'HUNT', 'WORKFLOW ID'];

/** The heading of a list of sends; bold on a terminal. */
export function renderHead(isTerminal: boolean): string {
  const line = render([HEAD]);
  return isTerminal ? `\u001b[1m${line}\u001b[22m` : line;
}

/** Some rows of a list of sends, a line each. */
export function renderRows(sends: readonly SmsListing[]): string {
  return render(
    sends.map(({ status, code = '', startedAt, closedAt, correlationIds, workflowId }) => [
      status,
      code,
      toSecond(startedAt),
      closedAt === undefined ? '' : toSecond(closedAt),
      correlationIds.leadId ?? '',
      correlationIds.huntId ?? '',
      workflowId,
    ]),
  );
}

function render(rows: readonly string[][]): string {
  const table = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 2, head: [], border: [] },
    colWidths: [...WIDTHS, null],
  });
  table.push(...rows.map((row) => row.map(printable)));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function toSecond(iso: string): string {
  return `${iso.slice(0, 19)}Z`;
}
