import Table from 'cli-table3';
import { printable } from '../../../src/cli/printable.js';
import { describeMachine, describeRounds } from './describe-run.js';
import { layOutBlocks, type ReportBlock } from './report-blocks.js';
import type { Summary } from './summarize.js';

/** Where a long text is wrapped, in characters. */
const TEXT_WIDTH = 44;

const LONG_HEAD = 10;

/** No lines but the one below the heading, which is drawn after the table is set. */
const LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
  mid: '',
  'mid-mid': '',
};

/** The report for a terminal, as plain text. */
export function renderTable(summary: Summary): string {
  const about = [describeRounds(summary), ...describeMachine(summary.machine)].map(printable);
  return [about.join('\n'), ...layOutBlocks(summary).map(renderBlock)].join('\n\n');
}

function renderBlock({ title, columns, rows }: ReportBlock): string {
  const table = new Table({
    chars: LINES,
    style: { 'padding-left': 2, 'padding-right': 0, head: [], border: [] },
    colAligns: columns.map(({ holds }) => (holds === 'figures' ? 'right' : 'left')),
    colWidths: columns.map(({ holds }) => (holds === 'texts' ? TEXT_WIDTH : null)),
    wordWrap: true,
  });
  const heads = columns.map(({ head }) => breakHead(head));
  table.push(heads, ...rows.map((row) => row.map(printable)));
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  const headLines = Math.max(...heads.map((head) => head.split('\n').length));
  const rule = `  ${'─'.repeat(Math.max(...lines.map((line) => line.length)) - 2)}`;
  return [title, ...lines.toSpliced(headLines, 0, rule)].join('\n');
}

/** A long heading takes two lines, not a wide column. */
function breakHead(head: string): string {
  return head.length < LONG_HEAD ? head : head.replace(/ (?=\S+$)/, '\n');
}
