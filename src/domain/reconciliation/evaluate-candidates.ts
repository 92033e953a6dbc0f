import { isSameOwner, type OwningRun, type RunOwner } from '../run-owner.js';
import { isSameText } from '../same-text.js';
import type { LoggedSms } from '../sent-messages.js';
import type { Candidates, MessageQuery } from './match-candidates.js';

type Match = Candidates['matches'][number];

/** What the sent messages and the other runs say together about one message. */
export type Evaluation =
  /** This run owns a message already: it was accepted with it, or has claimed it. */
  | { readonly kind: 'owned'; readonly messageId: string; readonly row: Match | undefined }
  /**
   * No known run owns these; to be claimed in this order, as a run that is not known may claim one
   * first.
   */
  | { readonly kind: 'claimable'; readonly rows: readonly Match[] }
  /** No row can be this run's message. */
  | { readonly kind: 'clean' }
  /** It cannot be decided; `reason` in a few plain words. */
  | {
      readonly kind: 'ambiguous';
      readonly reason: string;
      /** A row holds this number and text, and may be the message. */
      readonly showsMessage?: true;
      /** Whose that row is will be known within minutes. */
      readonly isTransient?: true;
    };

/** What an evaluation is made from. */
export interface CandidateEvidence {
  readonly sought: MessageQuery;
  readonly candidates: Candidates;
  /** Why rows may be missing, if they may. */
  readonly incomplete: string | undefined;
  /** The list still goes back to before the requests. */
  readonly reachesBack: boolean;
  /** The list may belong to another API key than the one that the request was made with. */
  readonly isOtherKey: boolean;
  readonly self: RunOwner;
  /** Every run that may own messages to this number, this one included. */
  readonly runs: readonly OwningRun[];
  /**
   * Messages that other runs were found to have claimed, which their histories may not show yet.
   */
  readonly claimedByOthers?: ReadonlySet<string>;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** A row dated so much later than the request is more likely another run's; in milliseconds. */
const LATER_MS = 10_000;

/** After this time, Temporal lists a run for certain; in milliseconds. */
const SURELY_LISTED_MS = 60_000;

/**
 * For this long after a request its row stays in the list, however few rows the list has; in
 * milliseconds.
 */
const MIN_RETENTION_MS = 60 * 60_000;

/**
 * Evaluates the candidates strictly, as only `clean` permits a second request.
 *
 * A row that another run owns belongs to that run alone. A row with the text of another run's job,
 * and not of this one, belongs to that run. While another run with the same text waits for its
 * reply, a row without an owner may be that run's.
 */
export function evaluateCandidates(evidence: CandidateEvidence): Evaluation {
  const { sought, candidates, self, runs, claimedByOthers } = evidence;
  const others = runs.filter(({ owner }) => !isSameOwner(owner, self));
  const foreign = new Set([...others.flatMap(({ messageIds }) => messageIds), ...(claimedByOthers ?? [])]);
  const owned = findOwned(evidence, foreign);
  if (owned !== undefined) return owned;

  const free = candidates.matches.filter((row) => !holdsAny(row, foreign));
  if (free.length > 0) return evaluateFree(free, evidence, others);

  const isExplained = ({ text }: LoggedSms) =>
    text !== undefined &&
    !isSameText(text, sought.message) &&
    others.some((run) => run.text !== undefined && isSameText(run.text, text));
  const unclear = candidates.unclear.filter(({ row }) => !holdsAny(row, foreign) && !isExplained(row));
  const hasSoughtText = ({ row: { text } }: (typeof unclear)[number]) =>
    text !== undefined && isSameText(text, sought.message);
  const reported = unclear.find(hasSoughtText) ?? unclear[0];
  if (reported !== undefined) {
    const { reason } = reported;
    return { kind: 'ambiguous', reason, ...(hasSoughtText(reported) ? { showsMessage: true } : {}) };
  }
  const gap = whyNotClean(evidence);
  return gap === undefined ? { kind: 'clean' } : { kind: 'ambiguous', reason: gap };
}

function holdsAny(row: LoggedSms, ids: ReadonlySet<string>): boolean {
  return row.messageIds.some((id) => ids.has(id));
}

/** The message that this run owns already. */
function findOwned(
  { candidates, self, runs }: CandidateEvidence,
  foreign: ReadonlySet<string>,
): Evaluation | undefined {
  const ownRuns = runs.filter(({ owner }) => isSameOwner(owner, self));
  const own = new Set(ownRuns.flatMap(({ messageIds }) => messageIds));
  if ([...own].some((id) => foreign.has(id))) {
    return { kind: 'ambiguous', reason: 'this run and another run name the same message' };
  }
  const row = candidates.matches.find((match) => holdsAny(match, own));
  const failed = new Set(ownRuns.flatMap(({ failedMessageIds = [] }) => failedMessageIds));
  const [messageId] = row?.messageIds.filter((id) => own.has(id)) ?? [...own].filter((id) => !failed.has(id));
  return messageId === undefined ? undefined : { kind: 'owned', messageId, row };
}

/** Rows with this number and text that no known run owns. */
function evaluateFree(
  free: readonly Match[],
  { sought, nowMs }: CandidateEvidence,
  others: readonly OwningRun[],
): Evaluation {
  // A text that cannot be read here may be the same.
  const mayBeSibling = ({ text, requestOut }: OwningRun) =>
    requestOut && (text === undefined || isSameText(text, sought.message));
  if (others.some(mayBeSibling)) {
    const reason = 'another run with the same number and text is waiting for its reply';
    return { kind: 'ambiguous', reason, showsMessage: true, isTransient: true };
  }
  const isRecent = ({ atMs }: Match) => atMs > sought.toMs + LATER_MS && nowMs - atMs < SURELY_LISTED_MS;
  if (free.every(isRecent)) {
    const reason = 'a row with this number and text is too new to attribute to a run';
    return { kind: 'ambiguous', reason, showsMessage: true, isTransient: true };
  }
  return { kind: 'claimable', rows: nearestFirst(free, sought) };
}

/** Why a message that no row shows may have been sent. */
function whyNotClean({
  sought,
  incomplete,
  reachesBack,
  isOtherKey,
  nowMs,
}: CandidateEvidence): string | undefined {
  if (incomplete !== undefined) return incomplete;
  if (isOtherKey) return 'the account’s API key has changed since the request';
  if (reachesBack || nowMs - sought.toMs <= MIN_RETENTION_MS) return undefined;
  return 'the sent messages no longer reach back to the request';
}

/**
 * Messages that the phone sent come before ones that it failed to send; then the nearest to the
 * requests.
 */
function nearestFirst(rows: readonly Match[], { fromMs, toMs }: MessageQuery): readonly Match[] {
  const distance = ({ atMs }: Match) => Math.max(fromMs - atMs, atMs - toMs, 0);
  const failed = ({ failure }: Match) => (failure === undefined ? 0 : 1);
  return [...rows].sort((a, b) => failed(a) - failed(b) || distance(a) - distance(b) || a.atMs - b.atMs);
}
