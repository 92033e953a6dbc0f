import type { Simulator } from '../../simulator/simulator.js';
import type { ChaosPlan } from './plan.js';
import { toFaultRule } from './request-fault.js';

/** How many rules the simulator takes at once. */
const RULES_AT_ONCE = 1_000;

/** Puts the plan's faults of requests and of the log in force. */
export function setPlannedFaults(simulator: Pick<Simulator, 'addFaults'>, plan: ChaosPlan): void {
  const rules = [
    ...plan.sentMessagesFaults,
    ...plan.sends.flatMap(({ recipient, faults }) => faults.map((fault) => toFaultRule(fault, recipient))),
  ];
  for (let start = 0; start < rules.length; start += RULES_AT_ONCE) {
    simulator.addFaults(rules.slice(start, start + RULES_AT_ONCE));
  }
}
