import type { Machine } from '../results.js';
import { formatFixed } from './format-figure.js';
import type { Summary } from './summarize.js';

const GIB = 2 ** 30;

/** How many rounds were measured and when, or when it was broken off; in UTC. */
export function describeRounds(summary: Summary): string {
  const { rounds, roundsMeasured, windowMs, isComplete, startedAt, endedAt } = summary;
  const all = roundsMeasured === rounds;
  const counted = all ? countOf(rounds, 'round') : `${roundsMeasured} of ${countOf(rounds, 'round')} in full`;
  const when = isComplete
    ? `from ${toMinute(startedAt)} to ${toMinute(endedAt)} UTC`
    : `broken off at ${toMinute(endedAt)} UTC`;
  return `Measured ${counted}, with windows of ${windowMs / 1000} s, ${when}.`;
}

/** What was measured on, in a line each for the machine and for the software. */
export function describeMachine(machine: Machine): readonly [string, string] {
  const { cpu, cores, memoryBytes, platform, node, temporalServer, postgres } = machine;
  return [
    `${cpu}, ${countOf(cores, 'core')}, ${formatFixed(memoryBytes / GIB, 1)} GiB of memory, ${platform}`,
    `Node.js ${node}, Temporal server ${temporalServer}, PostgreSQL ${postgres}`,
  ];
}

/** A count with its noun. */
function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function toMinute(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
