import { createDice, type Dice } from './dice.js';
import { makePlan, type ChaosPlan } from './plan.js';
import type { PlannedOffline } from './planned-offline.js';
import type { PlannedSend } from './planned-send.js';
import type { RequestFault } from './request-fault.js';
import { planSentMessagesFaults } from './sent-messages-faults.js';

/** A plan in which every send is followed. */
export type PlanWithFollowing = ChaosPlan & Required<Pick<ChaosPlan, 'offline'>>;

/**
 * When the sent messages are read, in milliseconds from the acceptance; all is over within 30 s.
 */
const CHECKS_MS: readonly [readonly number[], ...(readonly number[])[]] = [
  [1_500, 6_000, 20_000],
  [3_000, 12_000, 28_000],
  [5_000, 18_000],
  [15_000],
];

/** What becomes of accepted messages, with weights: what is common in the field is common here. */
const FATES = [
  ['none', 30],
  ['phone-late', 20],
  ['phone-fails-first', 15],
  ['phone-fails', 10],
  ['row-late', 8],
  ['provider-fails', 6],
  ['phone-never', 6],
  ['row-missing', 5],
] as const;

/** Around the checks: some of it comes before the first, some after the last. */
const DELAY_MS = {
  phone: { min: 1_000, max: 35_000 },
  failure: { min: 300, max: 5_000 },
  retry: { min: 1_000, max: 35_000 },
  row: { min: 2_000, max: 32_000 },
  offline: { min: 4_000, max: 20_000 },
};

/** The share of messages whose reply gets lost that their phones send late. */
const LATE_SHARE = 0.6;

/** The plan of a run with followed sends: the same options give the same plan. */
export function makePlanWithFollowing(options: { sends: number; seed: number }): PlanWithFollowing {
  const { sends: count, seed } = options;
  const dice = createDice(seed, 5);
  const plan = makePlan({ sends: count, seed, lateRows: false });
  return {
    ...plan,
    sends: plan.sends.map((send) => followed(dice, send)),
    sentMessagesFaults: planSentMessagesFaults(count, seed, { withFurther: true }),
    offline: Array.from({ length: plan.accountCount }, (_, account) => planOffline(dice, account, plan)),
  };
}

function followed(dice: Dice, send: PlannedSend): PlannedSend {
  const followChecksMs = dice.pick(CHECKS_MS);
  const faults = send.faults.map((fault) => {
    const phoneDelayMs = within(dice, DELAY_MS.phone);
    const isLate = dice.chance(LATE_SHARE) && fault.recorded === true;
    return isLate ? Object.assign({}, fault, { phoneDelayMs }) : fault;
  });
  return { ...send, followChecksMs, faults: [...faults, ...planFate(dice)] };
}

/** What strikes the request that is accepted; the list of sent messages shows no other row late. */
function planFate(dice: Dice): RequestFault[] {
  const kind = dice.pickWeighted(FATES);
  switch (kind) {
    case 'none':
      return [];
    case 'phone-late':
      return [{ kind, phoneDelayMs: within(dice, DELAY_MS.phone) }];
    case 'phone-fails-first': {
      const phoneDelayMs = within(dice, DELAY_MS.failure);
      return [{ kind, phoneDelayMs, phoneRetryMs: within(dice, DELAY_MS.retry) }];
    }
    case 'phone-fails':
    case 'provider-fails':
      return [{ kind, phoneDelayMs: within(dice, DELAY_MS.failure) }];
    case 'row-late':
      return [{ kind, rowDelayMs: within(dice, DELAY_MS.row) }];
    case 'phone-never':
    case 'row-missing':
      return [{ kind }];
  }
}

function planOffline(dice: Dice, account: number, { durationMs }: ChaosPlan): PlannedOffline {
  return {
    account,
    atMs: dice.between(Math.round(0.1 * durationMs), Math.round(0.8 * durationMs)),
    forMs: within(dice, DELAY_MS.offline),
  };
}

function within(dice: Dice, { min, max }: { readonly min: number; readonly max: number }): number {
  return dice.between(min, max);
}
