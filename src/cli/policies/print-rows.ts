import type { CliRun } from '../cli-run.js';
import { renderTable } from '../render-table.js';

/** How the rows of a list are shown. */
export interface RowStyle<Row> {
  /** What one of them is, and several are. */
  readonly nouns: readonly [string, string];
  readonly head: readonly string[];
  /** Characters of each column but the last. */
  readonly widths: readonly number[];
  readonly toCells: (row: Row) => readonly string[];
}

/** The rows that a table is drawn for at once. */
const PAGE_SIZE = 100;

/**
 * Prints at most `limit` rows: a table with a last line that counts them, or a JSON object each.
 */
export async function printRows<Row>(
  cli: CliRun,
  rows: AsyncIterable<Row>,
  { limit, json, style }: { readonly limit: number; readonly json: boolean; readonly style: RowStyle<Row> },
): Promise<void> {
  const page: Row[] = [];
  let [printed, isMore] = [0, false];
  const flush = () => {
    if (page.length === 0) return;
    const { head, widths, toCells } = style;
    if (!json && printed === 0) cli.print(renderTable([head], { widths, isBold: cli.stdout.isTTY === true }));
    cli.print(
      json ? page.map((row) => JSON.stringify(row)).join('\n') : renderTable(page.map(toCells), { widths }),
    );
    printed += page.length;
    page.length = 0;
  };
  for await (const row of rows) {
    if (printed + page.length === limit) {
      isMore = true;
      break;
    }
    page.push(row);
    if (page.length === PAGE_SIZE) flush();
  }
  flush();
  const count = `${printed} ${style.nouns[printed === 1 ? 0 : 1]}`;
  const summary = isMore ? `${count}. There are more: raise --limit or pass --all.` : `${count}.`;
  if (json) cli.say(summary);
  else cli.print(summary);
}
