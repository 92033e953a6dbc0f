import { formatFigure, formatFixed } from '../format-figure.js';
import type { Spread } from '../spread.js';
import { findFigures, type LoadFigures, type Summary } from '../summarize.js';

/** The bars of one load. */
export interface ChartPanel {
  readonly title: string;
  readonly axis: string;
  /** Of all ratios of the panel. */
  readonly ratioHead: string;
  readonly bars: readonly ChartBar[];
}

/** One system's bar. */
export interface ChartBar {
  readonly label: string;
  readonly isOurs: boolean;
  /** Undefined where it was not measured. */
  readonly value: number | undefined;
  /** The value with its unit. */
  readonly text: string;
  readonly whisker: Spread | undefined;
  readonly ratio: string;
}

const OURS = new Set(['durable', 'durablePlain', 'durableMarketing']);

const RATIO_TO = 'threeActivities';

/**
 * What the chart shows of a load: p50 latency of a single send, else throughput; undefined if none
 * of the systems was measured.
 */
export function createPanel(
  summary: Summary,
  systems: readonly string[],
  inFlight: number,
): ChartPanel | undefined {
  const isLatency = inFlight === 1;
  const bars = systems.map((name): ChartBar => {
    const figures = findFigures(summary, name, inFlight);
    const value = isLatency ? figures?.p50Ms : figures?.sendsPerSecond?.median;
    return {
      label: summary.systems.find((system) => system.name === name)?.label ?? name,
      isOurs: OURS.has(name),
      value,
      text: value === undefined ? 'not measured' : `${formatFigure(value)}${isLatency ? ' ms' : '/s'}`,
      whisker: isLatency ? undefined : asWhisker(figures?.sendsPerSecond),
      ratio: figures === undefined ? '' : describeRatio(figures, isLatency),
    };
  });
  if (bars.every(({ value }) => value === undefined)) return undefined;
  return {
    title: isLatency ? '1 send in flight: latency' : `${inFlight} sends in flight: throughput`,
    axis: isLatency
      ? 'p50, milliseconds from start to end (shorter is better)'
      : 'sends per second (longer is better)',
    ratioHead: bars.some(({ ratio }) => ratio !== '') ? 'against three activities' : '',
    bars,
  };
}

/** A panel in words, for who cannot see it. */
export function describePanel({ title, axis, bars }: ChartPanel): string {
  return `${title}; ${axis}: ${bars.map(({ label, text }) => `${label}: ${text}`).join('; ')}.`;
}

/** One round has no spread. */
function asWhisker(spread: Spread | undefined): Spread | undefined {
  return spread === undefined || spread.lowest === spread.highest ? undefined : spread;
}

function describeRatio({ system, against }: LoadFigures, isLatency: boolean): string {
  if (system === RATIO_TO) return '1 ×';
  const ratios = against[RATIO_TO];
  const spread = isLatency ? ratios.p50Ms : ratios.sendsPerSecond;
  if (spread === undefined) return '';
  const [median, lowest, highest] = [spread.median, spread.lowest, spread.highest].map((ratio) =>
    formatFixed(ratio, 2),
  );
  return spread.lowest === spread.highest ? `${median} ×` : `${median} × (${lowest}–${highest})`;
}
