import Table from 'cli-table3';
import type { Comparison, Sample } from '../results.js';
import { compareRounds } from '../report/compare-rounds.js';
import type { Spread } from '../report/spread.js';
import { SHIPPED } from './variants.js';

/** One variant against what is shipped, at one load: ratios round by round. */
export interface SettingFigure {
  readonly label: string;
  readonly inFlight: number;
  readonly sendsPerSecond: Spread | undefined;
  readonly p50: Spread | undefined;
  readonly workerCpu: Spread | undefined;
  readonly serverCpu: Spread | undefined;
}

/** Takes a run over the settings together. */
export function compareWithShipped({
  systems,
  samples,
}: Pick<Comparison, 'systems' | 'samples'>): SettingFigure[] {
  const loads = [...new Set(samples.map(({ inFlight }) => inFlight))];
  const at = (system: string, inFlight: number) =>
    samples.filter((sample) => sample.system === system && sample.inFlight === inFlight);
  return loads.flatMap((inFlight) =>
    systems.map(({ name, label }) => {
      const ratios = (read: (sample: Sample) => number | undefined) =>
        compareRounds(at(name, inFlight), at(SHIPPED, inFlight), read);
      return {
        label,
        inFlight,
        sendsPerSecond: ratios((sample) => sample.sendsPerSecond),
        p50: ratios((sample) => sample.p50Ms),
        workerCpu: ratios((sample) => sample.workerCpuMs),
        serverCpu: ratios((sample) => sample.serverCpuMs),
      };
    }),
  );
}

/** The variants as a table for the terminal. */
export function renderSettings(figures: readonly SettingFigure[]): string {
  const table = new Table({
    head: ['in flight', 'setting', 'sends/s ×', 'p50 ×', 'worker CPU ×', 'server CPU ×'],
    style: { head: [], border: [] },
  });
  for (const { inFlight, label, sendsPerSecond, p50, workerCpu, serverCpu } of figures) {
    table.push([inFlight, label, ...[sendsPerSecond, p50, workerCpu, serverCpu].map(formatRatio)]);
  }
  return `Ratio to the shipped settings, round by round: median (lowest to highest)\n${table.toString()}`;
}

function formatRatio(spread: Spread | undefined): string {
  if (spread === undefined) return '–';
  const { median, lowest, highest } = spread;
  return `${median.toFixed(2)} (${lowest.toFixed(2)} to ${highest.toFixed(2)})`;
}
