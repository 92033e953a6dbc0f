import { aboveLimits } from './limits.js';
import { applyRules, type ModeVerdict, type Rules } from '../mode-verdict.js';
import type { PolicyEvidence } from './policy-evidence.js';
import {
  afterOptOuts,
  confirmations,
  optOutsInvented,
  optOutsMissed,
  outsideHours,
  starved,
} from './rules.js';

const RULES = {
  'after-opt-out': { name: 'after an opt-out', find: afterOptOuts },
  'outside-hours': { name: 'outside the hours', find: outsideHours },
  'above-limit': { name: 'above a limit', find: aboveLimits },
  'opt-out-missed': { name: 'opt-outs missed', find: optOutsMissed },
  'opt-out-invented': { name: 'opt-outs of nobody', find: optOutsInvented },
  confirmation: { name: 'wrong confirmations', find: confirmations },
  starved: { name: 'starved', find: starved },
} satisfies Rules<PolicyEvidence>;

/** Compares what the provider and the phones received with what people have decided. */
export function verifyPolicies(evidence: PolicyEvidence): Pick<ModeVerdict, 'counters' | 'findings'> {
  return applyRules<PolicyEvidence>(RULES, evidence);
}
