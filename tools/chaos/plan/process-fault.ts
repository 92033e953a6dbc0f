import type { Dice } from './dice.js';

/** What happens to a process, and when, in milliseconds from the start. */
export type ProcessFault = { readonly atMs: number } & (
  | { readonly kind: 'kill-worker'; readonly group: number; readonly downMs: number }
  /** The new one starts before the old one is asked to end. */
  | { readonly kind: 'deploy-worker'; readonly group: number }
  | { readonly kind: 'freeze-worker'; readonly group: number; readonly forMs: number }
  | { readonly kind: 'stop-database'; readonly downMs: number }
  /** SIGKILL. */
  | { readonly kind: 'kill-broker'; readonly downMs: number }
  /** SIGTERM. */
  | { readonly kind: 'stop-broker'; readonly downMs: number }
);

/** The kinds of faults on processes. */
export type ProcessFaultKind = ProcessFault['kind'];

/**
 * Longer than a send may take from start to close: its worker wakes up when the run has long gone
 * on.
 */
const LONG_FREEZE_MS = 70_000;

/** From this many sends on, one freeze is a long one. */
const LONG_FREEZE_FROM_SENDS = 200;

/** A worker that starts or drains is left alone for about this long, in milliseconds. */
const RECONCILING_MS = 8_000;

/** How often each kind happens in a run of this many sends: a fault every 5 s or so. */
function countFaults(sends: number): Readonly<Record<ProcessFaultKind, number>> {
  return {
    'kill-worker': Math.ceil(sends / 25),
    'freeze-worker': Math.ceil(sends / 40),
    'deploy-worker': Math.ceil(sends / 50),
    'stop-database': Math.ceil(sends / 70),
    'kill-broker': 1,
    'stop-broker': sends >= 100 ? 1 : 0,
  };
}

/**
 * Throws the time line of faults on processes, in order; the last falls into the last tenth of the
 * run.
 */
export function planProcessFaults(
  dice: Dice,
  run: { sends: number; durationMs: number; groupCount: number },
): ProcessFault[] {
  const counts = Object.entries(countFaults(run.sends)) as [ProcessFaultKind, number][];
  const kinds = dice.shuffle(counts.flatMap(([kind, count]) => Array.from({ length: count }, () => kind)));
  const busyUntilMs = Array.from({ length: run.groupCount }, () => 0);
  const slotMs = run.durationMs / (kinds.length + 1);

  /** A group that nothing else happens to at that time, or the one that is free first. */
  function takeGroup(atMs: number, forMs: number): number {
    const free = busyUntilMs.flatMap((until, group) => (until <= atMs ? [group] : []));
    const [first = busyUntilMs.indexOf(Math.min(...busyUntilMs)), ...others] = free;
    const group = dice.pick([first, ...others]);
    busyUntilMs[group] = atMs + forMs;
    return group;
  }

  const faults: ProcessFault[] = [];
  if (run.sends >= LONG_FREEZE_FROM_SENDS) {
    const atMs = Math.round(slotMs / 2);
    const group = takeGroup(atMs, LONG_FREEZE_MS);
    faults.push({ atMs, kind: 'freeze-worker', group, forMs: LONG_FREEZE_MS });
  }
  kinds.forEach((kind, index) => {
    const atMs = Math.round(slotMs * (index + 0.7 + dice.between(0, 6) / 10));
    faults.push(planFault(dice, kind, atMs, takeGroup));
  });
  return faults.sort((one, other) => one.atMs - other.atMs);
}

function planFault(
  dice: Dice,
  kind: ProcessFaultKind,
  atMs: number,
  takeGroup: (atMs: number, forMs: number) => number,
): ProcessFault {
  switch (kind) {
    case 'kill-worker': {
      const downMs = dice.between(1_000, 3_000);
      return { atMs, kind, group: takeGroup(atMs, downMs + RECONCILING_MS), downMs };
    }
    case 'deploy-worker':
      return { atMs, kind, group: takeGroup(atMs, RECONCILING_MS) };
    case 'freeze-worker': {
      const forMs = dice.between(3_000, 10_000);
      return { atMs, kind, group: takeGroup(atMs, forMs), forMs };
    }
    case 'stop-database':
      return { atMs, kind, downMs: dice.between(2_000, 8_000) };
    case 'kill-broker':
    case 'stop-broker':
      return { atMs, kind, downMs: dice.between(2_000, 5_000) };
  }
}
