import { CONFIRM_FAILURE_MS } from '../replayed-constants.js';
import { describeEnd, describeFollowing, whyUnknown } from './describe-following.js';
import type { FollowEnd, FollowEvent, FollowState, FollowStep, SeenFailure } from './follow-state.js';

/** A check this close after the wanted one serves for it, in milliseconds. */
const CLOSE_MS = 60_000;

/**
 * The first step of a send that was accepted and is followed.
 *
 * @param checksMs when the sent messages are read, in milliseconds from the acceptance, ascending
 */
export function firstFollowStep(acceptedAtMs: number, checksMs: readonly number[]): FollowStep {
  const dueMs = checksMs.map((checkMs) => acceptedAtMs + checkMs);
  return waitOrEnd({ dueMs, failure: undefined, lastFailure: undefined, report: undefined }, undefined);
}

/**
 * What a followed send does after a reading; pure, time comes with the event.
 *
 * "Sent" ends it, whatever was read before, as the provider repeats by itself what failed. "Failed"
 * ends it once two readings at least ten minutes apart say so and none between them says otherwise,
 * or at the last check. A row that is absent, unclear or unreadable says nothing.
 */
export function nextFollowStep(state: FollowState, event: FollowEvent): FollowStep {
  const { report, readAtMs } = event;
  const failure = failureAfter(state.failure, event);
  const next: FollowState = {
    dueMs: dueAfter(state.dueMs, event),
    failure,
    lastFailure: failure?.code ?? state.lastFailure,
    report,
  };
  if (report.kind === 'sent') return endWith(next, { kind: 'sent', sentAtMs: report.sentAtMs });
  if (report.kind !== 'failed' || failure === undefined) return waitOrEnd(next, event);
  const isConfirmed = readAtMs - failure.sinceMs >= CONFIRM_FAILURE_MS;
  if (isConfirmed || next.dueMs.length === 0) return endWith(next, { kind: 'failed', code: failure.code });
  return waitOrEnd({ ...next, dueMs: withConfirmation(next.dueMs, failure, event) }, event);
}

function failureAfter(
  before: SeenFailure | undefined,
  { report, readAtMs }: FollowEvent,
): SeenFailure | undefined {
  if (report.kind === 'failed') return { code: report.code, sinceMs: before?.sinceMs ?? readAtMs };
  // The provider tries again.
  return report.kind === 'pending' ? undefined : before;
}

/**
 * The checks that are left. A list that was read serves every check that is due by now but the
 * last, which asks for the phone, too; one that was not read still leaves the latest of them to be
 * made.
 */
function dueAfter([, ...others]: readonly number[], { report, nowMs }: FollowEvent): readonly number[] {
  const ahead = others.filter((atMs) => atMs > nowMs);
  if (report.kind !== 'unreadable' && ahead.length > 0) return ahead;
  return [...others.filter((atMs) => atMs <= nowMs).slice(-1), ...ahead];
}

/** The checks that are left, with one that confirms the failure; none is later than the last. */
function withConfirmation(
  dueMs: readonly number[],
  { sinceMs }: SeenFailure,
  { nowMs }: FollowEvent,
): readonly number[] {
  const confirmedFromMs = sinceMs + CONFIRM_FAILURE_MS;
  const wantedMs = confirmedFromMs > nowMs ? confirmedFromMs : nowMs + CLOSE_MS;
  const isServed = dueMs.some((atMs) => atMs >= wantedMs && atMs <= wantedMs + CLOSE_MS);
  const lastMs = dueMs.at(-1) ?? wantedMs;
  if (isServed || wantedMs >= lastMs) return dueMs;
  return [...dueMs, wantedMs].toSorted((one, other) => one - other);
}

function waitOrEnd(state: FollowState, event: FollowEvent | undefined): FollowStep {
  const [atMs, nextMs] = state.dueMs;
  if (atMs === undefined) {
    return endWith(state, { kind: 'unknown', reason: whyUnknown(state, event?.phone) });
  }
  return { state, command: { kind: 'check', atMs, nextMs }, details: describeFollowing(state, atMs) };
}

function endWith(state: FollowState, end: FollowEnd): FollowStep {
  return { state, command: { kind: 'end', end }, details: describeEnd(end) };
}
