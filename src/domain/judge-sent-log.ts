import type { OwningRun, RunOwner } from './run-owner.js';
import { isSameText } from './same-text.js';
import type { LoggedSms } from './sent-log.js';
import type { SiftedLog, SoughtSms } from './sift-sent-log.js';

type Match = SiftedLog['matches'][number];

/** What the sent log and the other runs say together about one message. */
export type LogJudgement =
  /** This run owns a message already: it was accepted with it, or has claimed it. */
  | { readonly kind: 'owned'; readonly messageId: string; readonly row: Match | undefined }
  /** No known run owns these; to be claimed in this order, as one that nobody knows may be quicker. */
  | { readonly kind: 'claimable'; readonly rows: readonly Match[] }
  /** Nothing in the log can be this run's message. */
  | { readonly kind: 'clean' }
  /** It cannot be told; `reason` in a few plain words. `showsMessage`: a row holds this number and text, and may be the message. */
  | { readonly kind: 'ambiguous'; readonly reason: string; readonly showsMessage?: true };

/** Everything that a judgement is made from. */
export interface LogEvidence {
  readonly sought: SoughtSms;
  readonly sifted: SiftedLog;
  /** Why rows may be missing, if they may. */
  readonly incomplete: string | undefined;
  /** The log still goes back to before the requests. */
  readonly reachesBack: boolean;
  /** It is not the log of the API key that the request was made with, for all that is known. */
  readonly isOtherKey: boolean;
  readonly self: RunOwner;
  /** Every run that may own messages to this number, this one included. */
  readonly runs: readonly OwningRun[];
  /** Messages that other runs were found to have claimed, which their histories need not show yet. */
  readonly claimedByOthers?: ReadonlySet<string>;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** A row that is dated so much later than the request is rather another run's; in milliseconds. */
const LATER_MS = 10_000;

/** After so long, Temporal lists a run for certain; in milliseconds. */
const SURELY_LISTED_MS = 60_000;

/** So long after a request its row is still in the log, however few rows that has; in milliseconds. */
const SURELY_KEPT_MS = 60 * 60_000;

/**
 * Judges what the log says: strict, as only `clean` permits to send a second time.
 *
 * A row that another run owns is nobody else's. A row with the text of another run's job, and not of this one, is that
 * run's. While another run with the same text waits for its reply, a row without an owner may be its own.
 */
export function judgeSentLog(evidence: LogEvidence): LogJudgement {
  const { sought, sifted, self, runs, claimedByOthers, nowMs } = evidence;
  const isSelf = ({ owner }: OwningRun) => isSameOwner(owner, self);
  const own = new Set(runs.filter(isSelf).flatMap(({ messageIds }) => messageIds));
  const others = runs.filter((run) => !isSelf(run));
  const foreign = new Set([...others.flatMap(({ messageIds }) => messageIds), ...(claimedByOthers ?? [])]);
  const holds = (ids: ReadonlySet<string>, row: LoggedSms) => row.messageIds.some((id) => ids.has(id));

  if ([...own].some((id) => foreign.has(id))) {
    return { kind: 'ambiguous', reason: 'this run and another one both name the same message' };
  }
  const ownRow = sifted.matches.find((row) => holds(own, row));
  const failed = new Set(runs.filter(isSelf).flatMap(({ failedMessageIds = [] }) => failedMessageIds));
  const [ownId] = ownRow?.messageIds.filter((id) => own.has(id)) ?? [...own].filter((id) => !failed.has(id));
  if (ownId !== undefined) return { kind: 'owned', messageId: ownId, row: ownRow };

  const free = sifted.matches.filter((row) => !holds(foreign, row));
  if (free.length > 0) {
    // A text that cannot be read here may be the same.
    const mayBeTwin = ({ text, requestOut }: OwningRun) =>
      requestOut && (text === undefined || isSameText(text, sought.message));
    if (others.some(mayBeTwin)) {
      const reason = 'another run with the same number and text waits for its reply';
      return { kind: 'ambiguous', reason, showsMessage: true };
    }
    const isRecent = ({ atMs }: Match) => atMs > sought.toMs + LATER_MS && nowMs - atMs < SURELY_LISTED_MS;
    if (free.every(isRecent)) {
      const reason = 'a row with this number and text is too new to tell whose it is';
      return { kind: 'ambiguous', reason, showsMessage: true };
    }
    return { kind: 'claimable', rows: nearestFirst(free, sought) };
  }

  const isExplained = ({ text }: LoggedSms) =>
    text !== undefined &&
    !isSameText(text, sought.message) &&
    others.some((run) => run.text !== undefined && isSameText(run.text, text));
  const doubts = sifted.doubtful.filter(({ row }) => !holds(foreign, row) && !isExplained(row));
  const isSought = ({ row: { text } }: (typeof doubts)[number]) =>
    text !== undefined && isSameText(text, sought.message);
  const doubt = doubts.find(isSought) ?? doubts[0];
  if (doubt !== undefined) {
    return { kind: 'ambiguous', reason: doubt.reason, ...(isSought(doubt) ? { showsMessage: true } : {}) };
  }
  const gap = whyNotClean(evidence);
  return gap === undefined ? { kind: 'clean' } : { kind: 'ambiguous', reason: gap };
}

/** Why a message that the log does not show may have been sent. */
function whyNotClean({
  sought,
  incomplete,
  reachesBack,
  isOtherKey,
  nowMs,
}: LogEvidence): string | undefined {
  if (incomplete !== undefined) return incomplete;
  if (isOtherKey) return 'the account’s API key is not the one that the request was made with';
  if (reachesBack || nowMs - sought.toMs <= SURELY_KEPT_MS) return undefined;
  return 'the log no longer goes back to the request';
}

/** Whether two owners are the same run, or resets of it. */
export function isSameOwner(one: RunOwner, other: RunOwner): boolean {
  return one.workflowId === other.workflowId && one.originalRunId === other.originalRunId;
}

/** What the phone sent before what it failed to send; then what lies nearest to the requests. */
function nearestFirst(rows: readonly Match[], { fromMs, toMs }: SoughtSms): readonly Match[] {
  const distance = ({ atMs }: Match) => Math.max(fromMs - atMs, atMs - toMs, 0);
  const failed = ({ failure }: Match) => (failure === undefined ? 0 : 1);
  return [...rows].sort((a, b) => failed(a) - failed(b) || distance(a) - distance(b) || a.atMs - b.atMs);
}
