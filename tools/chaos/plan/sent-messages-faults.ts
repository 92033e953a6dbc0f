import type { SentMessagesFaultKind } from '../../simulator/list-fault-catalog.js';
import type { FaultRule } from '../../simulator/fault-rule.js';

const KINDS: readonly SentMessagesFaultKind[] = [
  'log-500',
  'log-html',
  'log-reset',
  'log-no-array',
  'log-503',
];

/** What a run with followed sends adds: the list is also read late, cut off, and refused. */
const FURTHER_KINDS: readonly SentMessagesFaultKind[] = ['log-slow', 'log-cut-off', 'log-429'];

/** The chance of each kind that a read of the log meets it. */
const PROBABILITY = 0.05;

/**
 * The simulator's rules for reads of the list of sent messages: each kind now and then, and not for
 * ever.
 */
export function planSentMessagesFaults(
  sends: number,
  seed: number,
  { withFurther = false }: { withFurther?: boolean } = {},
): FaultRule[] {
  return [...KINDS, ...(withFurther ? FURTHER_KINDS : [])].map((kind, index) => ({
    kind,
    probability: PROBABILITY,
    times: Math.ceil(sends / 25),
    seed: (seed + index) >>> 0,
  }));
}
