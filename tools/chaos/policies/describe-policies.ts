import { describeUse } from '../verify/policies/limits.js';
import type { PolicyEvidence } from '../verify/policies/policy-evidence.js';
import type { StoredOptOut } from './policy-rows.js';
import type { Replies } from './watch-replies.js';

/** What a run with policies went through, for the report. */
export function describePolicies(run: {
  readonly evidence: PolicyEvidence;
  readonly known: readonly StoredOptOut[];
  readonly answered: Replies;
}): Record<string, string> {
  const { evidence, known, answered } = run;
  const byReply = known.filter(({ isByReply }) => isByReply);
  const knownMs = new Map(known.map(({ account, recipient, atMs }) => [`${account} ${recipient}`, atMs]));
  const delays = answered
    .optOuts()
    .flatMap(({ account, recipient, writtenMs }) => {
      const atMs = knownMs.get(`${account} ${recipient}`);
      return atMs === undefined ? [] : [atMs - writtenMs];
    })
    .sort((one, other) => one - other);
  const seconds = (ms: number | undefined) => (ms === undefined ? '-' : `${(ms / 1000).toFixed(1)} s`);
  return {
    'marketing messages': String(evidence.sends.filter(({ marketing }) => marketing !== undefined).length),
    'limits, most used': describeUse(evidence),
    'opt-outs, by reply': `${known.length}, ${byReply.length}`,
    'replies known, median': seconds(delays[(delays.length - 1) >> 1]),
    'replies known, maximum': seconds(delays.at(-1)),
  };
}
