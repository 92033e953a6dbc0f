import { describeMachine, describeRounds } from './describe-run.js';
import { layOutBlocks, type ReportBlock, type ReportColumn } from './report-blocks.js';
import type { Summary } from './summarize.js';

const ALIGN = { names: ':--', figures: '--:', texts: ':--' } as const;

/**
 * The same report as the table's, as GitHub-flavoured Markdown with headings of the third level.
 */
export function renderMarkdown(summary: Summary): string {
  const about = `${describeRounds(summary)} ${describeMachine(summary.machine).join('; ')}.`;
  return [escapeMarkdown(about), ...layOutBlocks(summary).map(renderBlock)].join('\n\n') + '\n';
}

function renderBlock({ title, columns, rows }: ReportBlock): string {
  return [
    `### ${escapeMarkdown(title)}\n`,
    renderRow(columns.map(({ head }) => head)),
    renderRule(columns),
    ...rows.map(renderRow),
  ].join('\n');
}

function renderRow(cells: readonly string[]): string {
  return `| ${cells.map(escapeMarkdown).join(' | ')} |`;
}

function renderRule(columns: readonly ReportColumn[]): string {
  return `| ${columns.map(({ holds }) => ALIGN[holds]).join(' | ')} |`;
}

/** On one line, as a cell must be. */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*[\]<>|~&]/g, '\\$&').replaceAll(/\s+/g, ' ');
}
