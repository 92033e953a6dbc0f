import type { FaultRule } from '../../simulator/fault-rule.js';
import { createDice } from './dice.js';
import { planSentMessagesFaults } from './sent-messages-faults.js';
import { planProcessFaults, type ProcessFault } from './process-fault.js';
import { planSends, type PlannedSend } from './planned-send.js';
import type { PlannedOffline } from './planned-offline.js';
import type { PolicyPlan } from './policy-plan.js';

/** Everything that will go wrong in a run, decided before it starts. */
export interface ChaosPlan {
  readonly seed: number;
  readonly accountCount: number;
  readonly workerGroupCount: number;
  /** When the last send is started, in milliseconds from the start. */
  readonly durationMs: number;
  readonly sends: readonly PlannedSend[];
  /** What reads of the list of sent messages meet. */
  readonly sentMessagesFaults: readonly FaultRule[];
  /** In the order of their time. */
  readonly processFaults: readonly ProcessFault[];
  /** Sending phones that are offline for a while, in a run with followed sends. */
  readonly offline?: readonly PlannedOffline[];
  /** What happens around the policies; undefined in a run without marketing messages. */
  readonly policies?: PolicyPlan;
}

/** What a plan is made from. */
export interface PlanOptions {
  /** 1 to {@link MAX_SENDS}. */
  readonly sends: number;
  /** 0 to 2^32 − 1. */
  readonly seed: number;
  /** Rows of messages whose replies get lost appear in the log late, some after the last check. */
  readonly lateRows: boolean;
}

/** How many numbers the simulator has on which nothing happens by itself. */
export { MAX_SENDS } from './plain-numbers.js';

const ACCOUNTS = 5;
/** Places in the deployment. */
export const WORKER_GROUPS = 3;

/**
 * The mean time from one send to the next, in milliseconds: more would be too much for the
 * development server.
 */
export const SPACING_MS = 600;

/** The plan of a run: the same options give the same plan. */
export function makePlan({ sends, seed, lateRows }: PlanOptions): ChaosPlan {
  const durationMs = sends * SPACING_MS;
  return {
    seed,
    accountCount: ACCOUNTS,
    workerGroupCount: WORKER_GROUPS,
    durationMs,
    sends: planSends(createDice(seed, 1), { count: sends, durationMs, accountCount: ACCOUNTS, lateRows }),
    sentMessagesFaults: planSentMessagesFaults(sends, seed),
    processFaults: planProcessFaults(createDice(seed, 2), { sends, durationMs, groupCount: WORKER_GROUPS }),
  };
}
