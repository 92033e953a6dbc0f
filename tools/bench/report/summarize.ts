import type { Comparison, Sample } from '../results.js';
import { compareRounds } from './compare-rounds.js';
import { type Spread, spreadOf } from './spread.js';

/**
 * A system that others are compared with, by name; `durablePlain` is what encryption is compared
 * with.
 */
export type Reference = 'nothing' | 'oneActivity' | 'threeActivities' | 'durablePlain';

/**
 * A system against a reference: the ratios of the rounds in which both were measured, undefined
 * where there is no such round.
 */
export interface Ratios {
  readonly sendsPerSecond: Spread | undefined;
  readonly p50Ms: Spread | undefined;
}

/** One system at one load, over all rounds; times in milliseconds, each the median. */
export interface LoadFigures {
  /** Its name. */
  readonly system: string;
  readonly inFlight: number;
  readonly sendsPerSecond: Spread | undefined;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  /** CPU time for each send. */
  readonly workerCpuMs: number | undefined;
  readonly serverCpuMs: number | undefined;
  readonly against: Readonly<Record<Reference, Ratios>>;
}

/** A comparison with its samples taken together. */
export interface Summary extends Omit<Comparison, 'samples'> {
  /**
   * How many rounds were measured in full: {@link Comparison.rounds} is how many there were to be.
   */
  readonly roundsMeasured: number;
  /** Sends in flight, from the lowest. */
  readonly loads: readonly number[];
  /**
   * In the order of the loads and, within one, of the systems; none for a system without samples at
   * that load.
   */
  readonly figures: readonly LoadFigures[];
}

/** Takes the samples of a comparison together. */
export function summarize(comparison: Comparison): Summary {
  const { samples, ...rest } = comparison;
  const loads = [...new Set(samples.map(({ inFlight }) => inFlight))].toSorted((a, b) => a - b);
  const figures = loads.flatMap((load) => {
    const atLoad = samples.filter(({ inFlight }) => inFlight === load);
    return comparison.systems
      .filter(({ name }) => atLoad.some(({ system }) => system === name))
      .map(({ name }) => summarizeLoad({ system: name, inFlight: load, atLoad }));
  });
  return { ...rest, roundsMeasured: countFullRounds(comparison), loads, figures };
}

/** The figures of a system at a load, if it was measured there. */
export function findFigures(summary: Summary, system: string, inFlight: number): LoadFigures | undefined {
  return summary.figures.find((figures) => figures.system === system && figures.inFlight === inFlight);
}

function summarizeLoad(options: {
  system: string;
  inFlight: number;
  atLoad: readonly Sample[];
}): LoadFigures {
  const { system, inFlight, atLoad } = options;
  const own = atLoad.filter((sample) => sample.system === system);
  const middle = (read: (sample: Sample) => number | undefined) => spreadOf(own.map(read))?.median;
  const compare = (reference: Reference): Ratios => {
    const others = atLoad.filter((sample) => sample.system === reference);
    return {
      sendsPerSecond: compareRounds(own, others, ({ sendsPerSecond }) => sendsPerSecond),
      p50Ms: compareRounds(own, others, ({ p50Ms }) => p50Ms),
    };
  };
  return {
    system,
    inFlight,
    sendsPerSecond: spreadOf(own.map(({ sendsPerSecond }) => sendsPerSecond)),
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p99Ms: middle(({ p99Ms }) => p99Ms),
    workerCpuMs: middle(({ workerCpuMs }) => workerCpuMs),
    serverCpuMs: middle(({ serverCpuMs }) => serverCpuMs),
    against: {
      nothing: compare('nothing'),
      oneActivity: compare('oneActivity'),
      threeActivities: compare('threeActivities'),
      durablePlain: compare('durablePlain'),
    },
  };
}

/**
 * A round is full that has as many samples as any other; the only round of what was broken off is
 * not.
 */
function countFullRounds({ samples, isComplete }: Comparison): number {
  const perRound = new Map<number, number>();
  for (const { round } of samples) perRound.set(round, (perRound.get(round) ?? 0) + 1);
  if (!isComplete && perRound.size === 1) return 0;
  const most = Math.max(...perRound.values());
  return [...perRound.values()].filter((count) => count === most).length;
}
