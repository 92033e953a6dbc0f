import { formatFixed } from '../format-figure.js';
import type { ChartBar, ChartPanel } from './chart-panel.js';
import { COLORS, COLUMNS, SIZES } from './chart-style.js';
import { niceTicks } from './nice-ticks.js';
import { drawText, wrapText } from './svg-text.js';

const HEAD_HEIGHT = 30;
const ROW_HEIGHT = 34;
const BAR_HEIGHT = 18;
const AXIS_HEIGHT = 44;
/** A bar of nothing can still be seen. */
const MIN_BAR = 2;

/** How high a panel is, in pixels. */
export function heightOfPanel({ bars }: ChartPanel): number {
  return HEAD_HEIGHT + bars.length * ROW_HEIGHT + AXIS_HEIGHT;
}

/** Draws a panel with its upper edge at `top`, in pixels. */
export function drawPanel(panel: ChartPanel, top: number): string[] {
  const { bars, title, axis, ratioHead } = panel;
  const highest = Math.max(...bars.map(({ value = 0, whisker }) => whisker?.highest ?? value));
  const ticks = niceTicks(highest);
  const toX = scaleTo(highest > 0 ? highest : 1);
  const firstRow = top + HEAD_HEIGHT;
  const bottom = firstRow + bars.length * ROW_HEIGHT;
  const { text, muted } = COLORS;
  return [
    drawText(title, { x: COLUMNS.left, y: top + 12, size: SIZES.panel, color: text, isBold: true }),
    drawText(ratioHead, { x: COLUMNS.right, y: top + 12, size: SIZES.small, color: muted, anchor: 'end' }),
    ...drawGrid(ticks, { toX, top: firstRow, bottom }),
    ...bars.flatMap((bar, index) => drawBar(bar, { toX, middle: firstRow + (index + 0.5) * ROW_HEIGHT })),
    drawText(axis, { x: COLUMNS.bars, y: bottom + 32, size: SIZES.small, color: muted }),
  ];
}

type ToX = (value: number) => number;

function scaleTo(highest: number): ToX {
  return (value) => round(COLUMNS.bars + (value / highest) * (COLUMNS.barsEnd - COLUMNS.bars));
}

function drawGrid(ticks: readonly number[], place: { toX: ToX; top: number; bottom: number }): string[] {
  const { toX, top, bottom } = place;
  const digits = Math.max(...ticks.map((tick) => String(tick).split('.')[1]?.length ?? 0));
  return ticks.flatMap((tick) => {
    const x = toX(tick);
    const stroke = tick === 0 ? COLORS.axis : COLORS.grid;
    const label = tick === 0 ? '0' : formatFixed(tick, digits);
    return [
      `<path d="M${x} ${top}V${bottom + 3}" stroke="${stroke}"/>`,
      drawText(label, { x, y: bottom + 16, size: SIZES.small, color: COLORS.muted, anchor: 'middle' }),
    ];
  });
}

function drawBar(bar: ChartBar, { toX, middle }: { toX: ToX; middle: number }): string[] {
  const { value, whisker, isOurs, ratio } = bar;
  const fill = isOurs ? COLORS.accent : COLORS.neutral;
  const width = value === undefined ? 0 : Math.max(MIN_BAR, round(toX(value) - COLUMNS.bars));
  const end = Math.max(COLUMNS.bars + width, whisker === undefined ? 0 : toX(whisker.highest));
  const y = middle - BAR_HEIGHT / 2;
  return [
    ...drawLabel(bar, middle),
    ...(value === undefined ? [] : [`<path d="${barPath({ y, width })}" fill="${fill}"/>`]),
    ...(whisker === undefined
      ? []
      : drawWhisker({ from: toX(whisker.lowest), to: toX(whisker.highest), middle })),
    drawText(bar.text, {
      x: round(end + 9),
      y: middle + 4.5,
      size: SIZES.text,
      color: value === undefined ? COLORS.muted : COLORS.text,
      isBold: value !== undefined,
      halo: COLORS.card,
    }),
    drawText(ratio, {
      x: COLUMNS.right,
      y: middle + 4,
      size: SIZES.small,
      color: COLORS.muted,
      anchor: 'end',
    }),
  ].filter((part) => part !== '');
}

function drawLabel({ label, isOurs }: ChartBar, middle: number): string[] {
  const lines = wrapText(label, { size: SIZES.text, width: COLUMNS.labels, lines: 2 });
  const size = lines.length === 1 ? SIZES.text : SIZES.text - 0.5;
  return lines.map((line, index) =>
    drawText(line, {
      x: COLUMNS.bars - 12,
      y: middle + 4.5 + (index - (lines.length - 1) / 2) * 14.5,
      size,
      color: COLORS.text,
      isBold: isOurs,
      anchor: 'end',
    }),
  );
}

/** Square at the axis, round at the other end. */
function barPath({ y, width }: { y: number; width: number }): string {
  const radius = Math.min(3, width / 2);
  const straight = round(width - radius);
  const side = BAR_HEIGHT - 2 * radius;
  const [start, corner] = [COLUMNS.bars, `${radius} ${radius} 0 0 1`];
  return `M${start} ${y}h${straight}a${corner} ${radius} ${radius}v${side}a${corner} ${-radius} ${radius}h${-straight}z`;
}

/** With a light edge, so that it stands out from the bar that it lies on. */
function drawWhisker({ from, to, middle }: { from: number; to: number; middle: number }): string[] {
  const ends = [from, to].map((x) => `M${x} ${middle - 4}v8`).join('');
  const path = `M${from} ${middle}H${to}${ends}`;
  return [
    `<path d="${path}" stroke="${COLORS.card}" stroke-width="3.5" stroke-linecap="round"/>`,
    `<path d="${path}" stroke="${COLORS.whisker}" stroke-width="1.3"/>`,
  ];
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
