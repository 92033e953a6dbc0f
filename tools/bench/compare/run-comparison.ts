import { once } from 'node:events';
import { createJobMaker } from '../load/make-jobs.js';
import { readProcessUsage } from '../measure/process-usage.js';
import type { Comparison, Machine, MeasuredSystem, Sample } from '../results.js';
import type { BenchSystem, SendCost } from '../system.js';
import { measureWindow } from './measure-window.js';

/** What a peer says of itself. */
type Described = BenchSystem & Pick<MeasuredSystem, 'version' | 'settings' | 'unprotected'>;

/** The plan of a comparison. */
export interface ComparisonPlan {
  readonly systems: readonly Described[];
  /** How many sends are under way, one after the other. */
  readonly loads: readonly number[];
  readonly rounds: number;
  readonly windowMs: number;
  /**
   * How many sends of each system belong to no window: just-in-time compilation, caches and pools.
   */
  readonly warmUpSends: number;
}

/** A comparison under way. */
export interface RunningComparison {
  /**
   * Resolves when all is measured, or soon after the signal; rejects with the first error of a
   * send.
   */
  readonly done: Promise<void>;
  /** What was measured so far. */
  readonly results: () => Comparison;
}

/**
 * Measures every system at every load, round by round. Within a round all systems take turns at one
 * load, each time in another order, so that whatever the machine does besides meets all of them.
 */
export function startComparison(options: {
  plan: ComparisonPlan;
  accountId: string;
  machine: Machine;
  signal: AbortSignal;
  /** Before each window. */
  onWindow: (window: { done: number; of: number; label: string; inFlight: number }) => void;
}): RunningComparison {
  const { plan, accountId, machine, signal, onWindow } = options;
  const { systems, loads, rounds, windowMs, warmUpSends } = plan;
  const startedAt = new Date().toISOString();
  const samples: Sample[] = [];
  const costs = new Map<string, SendCost>();
  const of = rounds * loads.length * systems.length;

  async function run(): Promise<void> {
    await warmUp();
    let turn = 0;
    for (let round = 0; round < rounds; round++) {
      for (const inFlight of loads) {
        const first = turn++ % systems.length;
        const order = [...systems.slice(first), ...systems.slice(0, first)];
        for (const system of order) {
          if (signal.aborted) return;
          onWindow({ done: samples.length, of, label: system.label, inFlight });
          await measure(system, inFlight, round);
        }
      }
    }
  }

  async function warmUp(): Promise<void> {
    for (const system of systems) {
      if (signal.aborted) return;
      onWindow({ done: 0, of, label: `${system.label}, warming up`, inFlight: 20 });
      const nextJob = createJobMaker(accountId, `${system.name}-warm`);
      const load = { inFlight: 20, windowMs: 1, warmUpSends };
      await measureWindow({ system, load, round: 0, nextJob, signal });
    }
  }

  async function measure(system: Described, inFlight: number, round: number): Promise<void> {
    const nextJob = createJobMaker(accountId, `${system.name}-${inFlight}-${round}`);
    const load = { inFlight, windowMs, warmUpSends: inFlight };
    const { sample, lastJob } = await measureWindow({ system, load, round, nextJob, signal });
    if (signal.aborted) return;
    samples.push(sample);
    if (!costs.has(system.name) && lastJob && system.costOf) {
      costs.set(system.name, await system.costOf(lastJob));
    }
  }

  const peaks = new Map<string, number | undefined>();
  const readPeaks = () => {
    for (const { name, workerPids } of systems) {
      const peak = readProcessUsage(workerPids())?.peakRssBytes;
      if (peak !== undefined && peak > 0) peaks.set(name, peak);
    }
  };

  // Sends that are under way at the signal are not waited for: all parts are ended anyway.
  const done = Promise.race([run(), signal.aborted ? undefined : once(signal, 'abort')]).then(readPeaks);
  return {
    done,
    results: () => ({
      startedAt,
      endedAt: new Date().toISOString(),
      isComplete: samples.length === of,
      machine,
      windowMs,
      rounds,
      samples,
      systems: systems.map(({ name, label, version, settings, unprotected }) => ({
        name,
        label,
        version,
        settings,
        unprotected,
        workerPeakRssBytes: peaks.get(name),
        cost: costs.get(name),
      })),
    }),
  };
}
