import type { Dice } from './dice.js';
import { plainNumber } from './plain-numbers.js';
import { planRequestFault, type RequestFault } from './request-fault.js';

/** One job, and what happens to it. */
export interface PlannedSend {
  /** The idempotency key. */
  readonly key: string;
  /** From 0. */
  readonly account: number;
  /** E.164. */
  readonly recipient: string;
  readonly message: string;
  /** When it is started, in milliseconds from the start. */
  readonly atMs: number;
  /** Started twice at once, by two clients under one key. */
  readonly startedTwice: boolean;
  /** Cancelled this many milliseconds after it was started; undefined if it is not. */
  readonly cancelAfterMs: number | undefined;
  /** How often the service may resend it after an unknown outcome. */
  readonly maxResends: number;
  /**
   * What the requests to its number meet, in this order; the faults of sends that share a number
   * add up.
   */
  readonly faults: readonly RequestFault[];
  /**
   * Of a send that is followed: when the sent messages are read, in milliseconds from its
   * acceptance.
   */
  readonly followChecksMs?: readonly number[];
  /** Of a send with the purpose marketing. */
  readonly marketing?: PlannedMarketing;
}

/** What is particular to a marketing message. */
export interface PlannedMarketing {
  readonly segments: number;
  /** `options.timeZone`; undefined: the country of the number says it. */
  readonly timeZone: string | undefined;
  /** The hours of its recipient may not open again in time: then it may end as MESSAGE_EXPIRED. */
  readonly mayExpire: boolean;
}

const SHARE = {
  /** Two jobs with the same number and text at nearly the same time. */
  siblings: 0.05,
  /** Two or three jobs with the same number and different texts. */
  severalTexts: 0.06,
  faulty: 0.5,
  /** Of those that met a fault: meet one more. */
  faultyAgain: 0.25,
  startedTwice: 0.05,
  cancelled: 0.04,
} as const;

/** What shares a number starts this close together, in milliseconds. */
const TOGETHER_MS = 400;

/** Throws the jobs of a run, in the order of their start. */
export function planSends(
  dice: Dice,
  run: { count: number; durationMs: number; accountCount: number; lateRows: boolean },
): PlannedSend[] {
  const sends: PlannedSend[] = [];
  for (let numbers = 0; sends.length < run.count; numbers++) {
    const shape = dice.pickWeighted([
      ['siblings', SHARE.siblings],
      ['several-texts', SHARE.severalTexts],
      ['single', 1 - SHARE.siblings - SHARE.severalTexts],
    ] as const);
    const wanted = shape === 'single' ? 1 : shape === 'siblings' ? 2 : dice.between(2, 3);
    const size = Math.min(wanted, run.count - sends.length);
    const together = {
      account: dice.between(0, run.accountCount - 1),
      recipient: plainNumber(numbers),
      firstAtMs: Math.round((sends.length / run.count) * run.durationMs),
    };
    for (let member = 0; member < size; member++) {
      const text = shape === 'siblings' ? 'A' : String.fromCharCode(65 + member);
      sends.push(planSend(dice, { ...together, number: sends.length + 1, text, lateRows: run.lateRows }));
    }
  }
  return sends.sort((one, other) => one.atMs - other.atMs);
}

function planSend(
  dice: Dice,
  send: {
    account: number;
    recipient: string;
    firstAtMs: number;
    number: number;
    text: string;
    lateRows: boolean;
  },
): PlannedSend {
  const { account, recipient } = send;
  const faults: RequestFault[] = [];
  for (let share: number = SHARE.faulty; dice.chance(share); share = SHARE.faultyAgain) {
    faults.push(planRequestFault(dice, send.lateRows));
  }
  return {
    key: `send-${String(send.number).padStart(4, '0')}`,
    account,
    recipient,
    message: `Bonjour, votre annonce m’intéresse : est-elle disponible ? (${recipient.slice(-4)} ${send.text})`,
    atMs: send.firstAtMs + dice.between(0, TOGETHER_MS),
    startedTwice: dice.chance(SHARE.startedTwice),
    cancelAfterMs: dice.chance(SHARE.cancelled) ? dice.between(0, 5_000) : undefined,
    maxResends: dice.between(1, 2),
    faults,
  };
}
