import { createPanel, describePanel } from './chart/chart-panel.js';
import { COLORS, COLUMNS, SIZES } from './chart/chart-style.js';
import { drawPanel, heightOfPanel } from './chart/draw-panel.js';
import { drawText, escapeXml, wrapText } from './chart/svg-text.js';
import { describeMachine, describeRounds } from './describe-run.js';
import type { Summary } from './summarize.js';

const HEAD_HEIGHT = 96;
const PANEL_GAP = 22;
const FOOT_LINE = 16;
const FOOT_MARGIN = 24;

/** What a chart is to show. */
export interface ChartOptions {
  /** Names, from the top; all systems by default. */
  readonly systems?: readonly string[];
  readonly title?: string;
}

/**
 * An SVG with a bar for each system, in a group for each load, on a light card of its own; 960
 * pixels wide.
 */
export function renderChart(summary: Summary, options: ChartOptions = {}): string {
  const { systems = summary.systems.map(({ name }) => name), title = 'How fast SMS are sent' } = options;
  const panels = summary.loads
    .map((load) => createPanel(summary, systems, load))
    .filter((panel) => panel !== undefined);
  const drawn: string[] = [];
  let top = HEAD_HEIGHT;
  for (const panel of panels) {
    drawn.push(...drawPanel(panel, top));
    top += heightOfPanel(panel) + PANEL_GAP;
  }
  const foot = drawFoot(summary, top);
  const height = top + foot.length * FOOT_LINE + FOOT_MARGIN;
  const { width, left } = COLUMNS;
  const { text, muted, card, border } = COLORS;
  const [shownTitle = ''] = wrapText(title, { size: SIZES.title, width: COLUMNS.right - left, lines: 1 });
  const subtitle =
    'Bars: median of the rounds. Whiskers: slowest and fastest round. Ratios: median over all rounds.';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `role="img" aria-labelledby="title desc" fill="none" ` +
      `font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="desc">${escapeXml([...panels.map(describePanel), describeRounds(summary)].join(' '))}</desc>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="12" fill="${card}" stroke="${border}"/>`,
    drawText(shownTitle, { x: left, y: 44, size: SIZES.title, color: text, isBold: true }),
    drawText(subtitle, { x: left, y: 66, size: SIZES.text - 0.5, color: muted }),
    ...drawn,
    ...foot,
    '</svg>',
    '',
  ].join('\n');
}

function drawFoot(summary: Summary, top: number): string[] {
  const { left, right } = COLUMNS;
  return [describeRounds(summary), ...describeMachine(summary.machine)]
    .flatMap((line) => wrapText(line, { size: SIZES.small, width: right - left, lines: 2 }))
    .map((line, index) =>
      drawText(line, { x: left, y: top + 10 + index * FOOT_LINE, size: SIZES.small, color: COLORS.muted }),
    );
}
