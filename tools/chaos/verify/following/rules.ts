import type { PlannedSend } from '../../plan/planned-send.js';
import type { SeenState } from '../../system.js';
import type { Finding, FollowFindingKind } from '../finding.js';
import { groupBy } from '../group-by.js';
import { groupKey } from '../group-key.js';
import type { FollowEvidence } from './follow-evidence.js';
import { followedEnds, type FollowedEnd } from './followed-end.js';

/** Looks for what one counter counts; pure. */
type Rule = (evidence: FollowEvidence) => readonly Finding[];

/**
 * Times come from the simulator, which counts whole milliseconds, from Temporal, and from a clock
 * of the worker that is not the computer's; in milliseconds.
 */
const CLOCKS_MS = 50;

/** No job says that the phone has sent a message that it had not sent by then. */
export const saidSent: Rule = (evidence) =>
  followedEnds(evidence).flatMap(({ send, says, truth: { sentAtMs }, closedAtMs }) => {
    if (says !== 'sent' || (sentAtMs !== undefined && sentAtMs <= closedAtMs + CLOCKS_MS)) return [];
    const truth = sentAtMs === undefined ? 'never did' : `did ${Math.round(sentAtMs - closedAtMs)} ms later`;
    return [finding('said-sent', send, `the phone is said to have sent it, and ${truth}`)];
  });

/**
 * No job says that the phone has failed unless a reading of its last check could show a failure:
 * the phone had failed by then, and had not sent the message.
 */
export const saidFailed: Rule = (evidence) =>
  followedEnds(evidence).flatMap((end) => {
    const { failedAtMs = Infinity } = end.truth;
    if (end.says !== 'failed') return [];
    if (lastReadings(end).some((atMs) => atMs >= failedAtMs && !isShownAsSent(end, atMs))) return [];
    const truth = failedAtMs === Infinity ? 'never did' : 'had sent it when it was read last';
    return [finding('said-failed', end.send, `the phone is said to have failed, and ${truth}`)];
  });

/**
 * No job ends as unknown whose message the list showed as sent by its last check, unless a reading
 * of that check was made before.
 */
export const saidUnknown: Rule = (evidence) =>
  followedEnds(evidence).flatMap((end) => {
    if (end.says !== 'unknown' || end.wasCancelled || !isShownAsSent(end, end.closedAtMs)) return [];
    if (lastReadings(end).some((atMs) => !isShownAsSent(end, atMs))) return [];
    return [finding('said-unknown', end.send, 'the list showed that the phone had sent it')];
  });

/** Every accepted job says what it knows of its phone. */
export const notFollowed: Rule = (evidence) =>
  followedEnds(evidence).flatMap(({ send, says }) =>
    says === undefined ? [finding('not-followed', send, 'it says nothing of its phone')] : [],
  );

/** No job gives its message up before its last check. */
export const endedEarly: Rule = (evidence) =>
  followedEnds(evidence).flatMap(({ send, says, wasCancelled, lastCheckAtMs = -Infinity, truth }) => {
    if ((says !== 'failed' && says !== 'unknown') || wasCancelled) return [];
    const dueMs = truth.takenAtMs + (send.followChecksMs?.at(-1) ?? 0);
    if (lastCheckAtMs >= dueMs - CLOCKS_MS) return [];
    return [finding('ended-early', send, 'it ended without its last check')];
  });

const RANKS: Readonly<Record<SeenState['phase'], number>> = { open: 0, accepted: 1, ended: 2 };

/** What is seen of a job goes on, never back; an end stays what it is. */
export const wentBack: Rule = ({ sends, seen }) => {
  const sendOf = new Map(sends.map((send) => [send.key, send]));
  return seen.flatMap(({ key, by, states }) => {
    const at = states.findIndex((state, index) => index > 0 && isBack(states[index - 1] ?? state, state));
    const send = sendOf.get(key);
    if (at === -1 || send === undefined) return [];
    const [before, after] = [states[at - 1], states[at]].map(describe);
    return [finding('went-back', send, `${before} became ${after}, by its ${by}`)];
  });
};

/** Nothing is requested once every job with this number and text has been accepted. */
export const sentAgain: Rule = (evidence) => {
  const takenOf = new Map(followedEnds(evidence).map(({ send, truth }) => [send.key, truth.takenAtMs]));
  const requestsOf = groupBy(evidence.requests, ({ recipient, text }) => groupKey(recipient, text));
  const groups = groupBy(evidence.sends, ({ recipient, message }) => groupKey(recipient, message));
  return [...groups].flatMap(([group, members]) => {
    const lastMs = Math.max(...members.map(({ key }) => takenOf.get(key) ?? Infinity));
    const later = (requestsOf.get(group) ?? []).filter(({ atMs }) => atMs > lastMs);
    if (later.length === 0) return [];
    const keys = members.map(({ key }) => key);
    return [{ kind: 'sent-again', keys, why: `${later.length} requests after the acceptance` } as const];
  });
};

/** The readings that could serve the last check. */
function lastReadings({ readAtMs, lastCheckAtMs = -Infinity, closedAtMs }: FollowedEnd): readonly number[] {
  return readAtMs.filter((atMs) => atMs >= lastCheckAtMs - CLOCKS_MS && atMs <= closedAtMs + CLOCKS_MS);
}

/** Whether the list showed at a time that the phone had sent the message. */
function isShownAsSent({ truth }: FollowedEnd, atMs: number): boolean {
  const { sentAtMs = Infinity, listedFromMs = Infinity } = truth;
  return atMs > Math.max(sentAtMs, listedFromMs);
}

function isBack(before: SeenState, after: SeenState): boolean {
  if (RANKS[after.phase] < RANKS[before.phase]) return true;
  return before.phase === 'ended' && after.phase === 'ended' && before.says !== after.says;
}

function describe(state: SeenState | undefined): string {
  return state === undefined ? 'nothing' : `${state.says} (${state.phase})`;
}

function finding(kind: FollowFindingKind, send: PlannedSend, why: string): Finding {
  return { kind, keys: [send.key], why };
}
