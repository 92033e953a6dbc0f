import type { Comparison, MeasuredSystem, Sample } from '../../tools/bench/results.js';

/** A sample of `durable` at 20 in flight in the first round, with these overrides. */
export function makeSample(told: Partial<Sample>): Sample {
  return {
    system: 'durable',
    inFlight: 20,
    round: 0,
    completed: 100,
    sendsPerSecond: 10,
    p50Ms: 100,
    p99Ms: 200,
    ...told,
  };
}

/** A complete comparison of all systems in the samples, with these overrides. */
export function makeComparison(
  samples: readonly Sample[],
  told: Partial<Omit<Comparison, 'samples'>> = {},
): Comparison {
  const systems = [...new Set(samples.map(({ system }) => system))].map((name): MeasuredSystem => ({
    name,
    label: `the ${name}`,
  }));
  return {
    startedAt: '2026-03-04T05:06:07.000Z',
    endedAt: '2026-03-04T06:07:08.000Z',
    isComplete: true,
    machine: {
      cpu: 'Some CPU',
      cores: 4,
      memoryBytes: 8 * 2 ** 30,
      platform: 'linux x64',
      node: '20.19.0',
      temporalServer: '1.29.1',
      postgres: '18.1',
    },
    windowMs: 20_000,
    rounds: new Set(samples.map(({ round }) => round)).size,
    systems,
    samples,
    ...told,
  };
}
