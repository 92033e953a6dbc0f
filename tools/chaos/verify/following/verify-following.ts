import { applyRules, type ModeVerdict, type Rules } from '../mode-verdict.js';
import type { FollowEvidence } from './follow-evidence.js';
import { followedEnds } from './followed-end.js';
import { endedEarly, notFollowed, saidFailed, saidSent, saidUnknown, sentAgain, wentBack } from './rules.js';

const RULES = {
  'said-sent': { name: 'said sent, and was not', find: saidSent },
  'said-failed': { name: 'said failed, and had not', find: saidFailed },
  'said-unknown': { name: 'said unknown, and listed', find: saidUnknown },
  'not-followed': { name: 'not followed', find: notFollowed },
  'ended-early': { name: 'ended before last check', find: endedEarly },
  'went-back': { name: 'states that went back', find: wentBack },
  'sent-again': { name: 'sent again when accepted', find: sentAgain },
} satisfies Rules<FollowEvidence>;

/** Compares what followed sends say of their messages with what the phones did with them. */
export function verifyFollowing(evidence: FollowEvidence): ModeVerdict {
  return { ...applyRules<FollowEvidence>(RULES, evidence), figures: describeFollowing(evidence) };
}

/** What a run with followed sends came to, for the report. */
function describeFollowing(evidence: FollowEvidence): Record<string, string> {
  const ends = followedEnds(evidence);
  const count = (fits: (end: (typeof ends)[number]) => boolean) => String(ends.filter(fits).length);
  const isLater = ({ says, truth: { sentAtMs = -Infinity }, closedAtMs }: (typeof ends)[number]) =>
    says !== 'sent' && sentAtMs > closedAtMs;
  return {
    'accepted, and followed': String(ends.length),
    'sent by their phone': count(({ says }) => says === 'sent'),
    'sent after a failure': count(
      ({ says, truth: { failedAtMs } }) => says === 'sent' && failedAtMs !== undefined,
    ),
    'failed at their phone': count(({ says }) => says === 'failed'),
    'not known': count(({ says }) => says === 'unknown'),
    'sent after the end': count(isLater),
    'readings, states seen': `${evidence.readings.length}, ${evidence.seen.reduce((sum, { states }) => sum + states.length, 0)}`,
  };
}
