import Table from 'cli-table3';

/** How long a moment took to be granted, in milliseconds. */
export interface MomentFigure {
  /** What the account had written before. */
  readonly label: string;
  readonly bestMs: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** The most that the median may be on a quiet machine, in milliseconds. */
export const TARGET_MS = 10;

/** The figures as a table for the terminal. */
export function renderMoments(figures: readonly MomentFigure[]): string {
  const table = new Table({
    head: ['10,000 rows of outreach', 'best', 'median', 'p99', `target: ${TARGET_MS} ms`],
    style: { head: [], border: [] },
  });
  for (const { label, bestMs, medianMs, p99Ms } of figures) {
    const cells = [bestMs, medianMs, p99Ms].map((ms) => `${ms.toFixed(1)} ms`);
    table.push([label, ...cells, medianMs <= TARGET_MS ? 'met' : 'missed']);
  }
  return `What it takes to grant a moment\n${table.toString()}`;
}
