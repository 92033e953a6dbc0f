import { findFigures, type Ratios, type Reference, type Summary } from './summarize.js';

/** A bound that `durable` is to keep, and what was measured of it. */
export interface Target {
  readonly name: string;
  /** The bound for people, such as `≥ 1.6 ×`. */
  readonly wanted: string;
  /** A ratio or a count: {@link Target.isRatio}. */
  readonly measured: number | undefined;
  /** Undefined where it was not measured. */
  readonly isMet: boolean | undefined;
  readonly isRatio: boolean;
  /** Sends in flight, where the target is about a load. */
  readonly atLoad?: number;
}

interface Bound {
  readonly atLeast?: number;
  readonly atMost?: number;
}

interface RatioTarget extends Bound {
  readonly name: string;
  readonly figure: keyof Ratios;
  readonly against: Reference;
  readonly loads: readonly number[];
}

const FULL_LOADS = [20, 100];

const RATIO_TARGETS: readonly RatioTarget[] = [
  {
    name: 'throughput against three activities',
    figure: 'sendsPerSecond',
    against: 'threeActivities',
    loads: FULL_LOADS,
    atLeast: 1.6,
  },
  {
    name: 'p50 against three activities',
    figure: 'p50Ms',
    against: 'threeActivities',
    loads: [1],
    atMost: 0.6,
  },
  {
    name: 'throughput against one activity',
    figure: 'sendsPerSecond',
    against: 'oneActivity',
    loads: FULL_LOADS,
    atLeast: 0.9,
  },
  {
    name: 'throughput against payloads in clear',
    figure: 'sendsPerSecond',
    against: 'durablePlain',
    loads: FULL_LOADS,
    atLeast: 0.95,
  },
];

const COST_TARGETS = [
  { name: 'events in the history', cost: 'events', atMost: 13 },
  { name: 'billable actions', cost: 'billableActions', atMost: 3 },
] as const;

/** Holds `durable` against its targets; a ratio is the median of the rounds' ratios. */
export function evaluateTargets(summary: Summary): Target[] {
  const ratios = RATIO_TARGETS.flatMap(({ name, figure, against, loads, ...bound }) =>
    loads.map((atLoad) => {
      const measured = findFigures(summary, 'durable', atLoad)?.against[against][figure]?.median;
      return { name, ...judge(bound, measured, ' ×'), isRatio: true, atLoad };
    }),
  );
  const costs = COST_TARGETS.map(({ name, cost, ...bound }) => {
    const measured = summary.systems.find((system) => system.name === 'durable')?.cost?.[cost];
    return { name, ...judge(bound, measured), isRatio: false };
  });
  return [...ratios, ...costs];
}

function judge({ atLeast, atMost }: Bound, measured: number | undefined, unit = '') {
  const bounds = [
    ...(atLeast === undefined ? [] : [`≥ ${atLeast}${unit}`]),
    ...(atMost === undefined ? [] : [`≤ ${atMost}${unit}`]),
  ];
  return {
    wanted: bounds.join(', '),
    measured,
    isMet:
      measured === undefined
        ? undefined
        : measured >= (atLeast ?? -Infinity) && measured <= (atMost ?? Infinity),
  };
}
