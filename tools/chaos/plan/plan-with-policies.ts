import { createDice } from './dice.js';
import { planProcessFaults } from './process-fault.js';
import { planPolicies, POLICY_ACCOUNTS } from './policy-plan.js';
import { planPolicySends } from './policy-sends.js';
import { SPACING_MS, WORKER_GROUPS, type ChaosPlan } from './plan.js';
import { planSentMessagesFaults } from './sent-messages-faults.js';

/** A plan with marketing messages, and with what happens around the policies. */
export type PlanWithPolicies = ChaosPlan & Required<Pick<ChaosPlan, 'policies'>>;

/** The plan of a run with policies: the same options give the same plan. */
export function makePlanWithPolicies({
  sends: count,
  seed,
}: {
  sends: number;
  seed: number;
}): PlanWithPolicies {
  const durationMs = count * SPACING_MS;
  const { sends, contacts } = planPolicySends(createDice(seed, 3), { count, durationMs });
  const marketingCounts = Array.from(
    { length: POLICY_ACCOUNTS },
    (_, account) => sends.filter((send) => send.account === account && send.marketing !== undefined).length,
  );
  return {
    seed,
    accountCount: POLICY_ACCOUNTS,
    workerGroupCount: WORKER_GROUPS,
    durationMs,
    sends,
    sentMessagesFaults: planSentMessagesFaults(count, seed),
    processFaults: planProcessFaults(createDice(seed, 2), {
      sends: count,
      durationMs,
      groupCount: WORKER_GROUPS,
    }),
    policies: planPolicies(createDice(seed, 4), { durationMs, contacts, marketingCounts }),
  };
}
