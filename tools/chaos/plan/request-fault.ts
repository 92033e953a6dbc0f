import { describeFault, type SendFaultKind } from '../../simulator/fault-catalog.js';
import type { FaultRule } from '../../simulator/fault-rule.js';
import type { Dice } from './dice.js';

/** What one request to a number meets. */
export interface RequestFault {
  readonly kind: SendFaultKind;
  /** The message is taken all the same. */
  readonly recorded?: true;
  /** How late the reply is, in milliseconds. */
  readonly delayMs?: number;
  /** When the phone sends or fails, in milliseconds after the message was taken. */
  readonly phoneDelayMs?: number;
  /** When a phone that failed sends all the same, in milliseconds after its failure. */
  readonly phoneRetryMs?: number;
  /** How late the row appears in the list of sent messages, in milliseconds. */
  readonly rowDelayMs?: number;
}

/** The faults of a request with their weights: what is common in the field is common here. */
const WEIGHTS: readonly (readonly [SendFaultKind, number])[] = [
  ['reset-after-read', 16],
  ['slow-reply', 14],
  ['http-503', 6],
  ['http-500', 6],
  ['http-502', 6],
  ['reset-before-read', 6],
  ['http-429', 6],
  ['error-2', 6],
  ['truncated-body', 5],
  ['html-502', 4],
  ['html-200', 4],
  ['empty-200', 4],
  ['no-id', 4],
  ['sent-other', 4],
  ['missing-result', 3],
  ['slow-body', 3],
  ['error-with-id', 2],
  // Costs the whole time-out of a request.
  ['stall', 1],
  // The provider's final word: the run is to end with a code, and without a message.
  ['http-400', 1],
];

const REPLY_DELAY_MS = { min: 1_000, max: 5_000 };

/**
 * With late rows: before the last check of the log, or after it, some after the service looks for
 * duplicates for the last time.
 */
const ROW_DELAY_MS = {
  early: { min: 2_000, max: 6_000 },
  late: { min: 11_000, max: 30_000 },
};

/** When the latest row is there, in milliseconds after its request. */
export const LATEST_ROW_MS = ROW_DELAY_MS.late.max;

/** The share of rows that are late; workers that are down make the last check late too. */
const LATE_SHARE = 0.7;

/** Throws what one request meets. */
export function planRequestFault(dice: Dice, lateRows: boolean): RequestFault {
  const kind = dice.pickWeighted(WEIGHTS);
  const recorded = dice.chance(0.5) && describeFault(kind).isOutcomeUnknown;
  const delayMs = dice.between(REPLY_DELAY_MS.min, REPLY_DELAY_MS.max);
  const rowDelay = dice.chance(LATE_SHARE) ? ROW_DELAY_MS.late : ROW_DELAY_MS.early;
  const rowDelayMs = dice.between(rowDelay.min, rowDelay.max);
  return {
    kind,
    ...(recorded ? { recorded } : {}),
    ...(kind === 'slow-reply' || kind === 'slow-body' ? { delayMs } : {}),
    ...(recorded && lateRows ? { rowDelayMs } : {}),
  };
}

/**
 * The simulator's rule for it: it strikes once, at the first request to the number that no earlier
 * rule strikes.
 */
export function toFaultRule(fault: RequestFault, recipient: string): FaultRule {
  return { ...fault, number: recipient, times: 1 };
}
