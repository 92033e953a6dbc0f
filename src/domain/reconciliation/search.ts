import { isSameOwner, type OwningRun, type RunOwner } from '../run-owner.js';
import { evaluateCandidates, type CandidateEvidence } from './evaluate-candidates.js';
import type { Candidates } from './match-candidates.js';
import type { KnownRow, SentSmsVerdict } from './verdict.js';

type Match = Candidates['matches'][number];

/** What was read, and what is known before anything else is asked. */
export interface SearchInput extends Omit<CandidateEvidence, 'runs' | 'claimedByOthers'> {
  /**
   * The run may have been accepted with a message, and its own history says so: a reset run, or one
   * that has ended.
   */
  readonly mayBeAccepted: boolean;
  /** Rows that an earlier reading has shown to have no owner. */
  readonly knownRows: readonly KnownRow[];
  /** How far behind Temporal's list of runs may be, in milliseconds. */
  readonly listingLagMs: number;
}

/** What a search knows. */
export interface SearchState {
  readonly input: SearchInput;
  readonly runs: readonly OwningRun[];
  readonly claimedByOthers: readonly string[];
  /** The messages whose claims have not been looked up. */
  readonly unasked: readonly string[];
  readonly waitedMs: number;
}

/** What a search asks for next; `answer` ends it. */
export type SearchCommand =
  | { readonly kind: 'list-runs' }
  | { readonly kind: 'find-claim' | 'claim'; readonly messageId: string }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'answer'; readonly verdict: SentSmsVerdict };

/** What answers it. */
export type SearchEvent =
  | { readonly kind: 'runs-listed'; readonly runs: readonly OwningRun[] }
  /** Whose a message is; undefined if it is unclaimed. */
  | { readonly kind: 'claim-found'; readonly messageId: string; readonly owner: RunOwner | undefined }
  /** Whose a message is now that this run has tried to claim it. */
  | { readonly kind: 'claim-made'; readonly messageId: string; readonly owner: RunOwner }
  | { readonly kind: 'waited'; readonly ms: number };

/** What follows from an event. */
export interface SearchStep {
  readonly state: SearchState;
  readonly command: SearchCommand;
}

/**
 * What is missing of the listing lag is waited for within the search if it is no more than this, in
 * milliseconds.
 */
const MAX_WAIT_MS = 5_000;

/**
 * Begins a search. It asks for the runs that may own rows to this number only if there are such
 * rows.
 */
export function firstSearchStep(input: SearchInput): SearchStep {
  const { matches, unclear } = input.candidates;
  const unasked = matches.flatMap(({ messageIds }) => messageIds);
  const state = { input, runs: [], claimedByOthers: [], unasked, waitedMs: 0 };
  if (matches.length + unclear.length === 0 && !input.mayBeAccepted) return evaluate(state);
  return { state, command: { kind: 'list-runs' } };
}

/**
 * What a search does next. It asks who owns the candidates, and claims one that has no owner. A row
 * that another run claims first belongs to that run.
 *
 * A run that was accepted with a row may not be listed yet, so nothing is claimed before the runs
 * were listed again, later.
 */
export function nextSearchStep(state: SearchState, event: SearchEvent): SearchStep {
  switch (event.kind) {
    case 'runs-listed':
      return askForClaim({ ...state, runs: event.runs });
    case 'claim-found': {
      const { messageId, owner } = event;
      const unasked = state.unasked.filter((id) => id !== messageId);
      if (owner === undefined) return askForClaim({ ...state, unasked });
      // An earlier try of this very search may have claimed it, and its answer got lost.
      if (isSameOwner(owner, state.input.self)) return found(state, messageId);
      return askForClaim({ ...state, unasked, claimedByOthers: [...state.claimedByOthers, messageId] });
    }
    case 'claim-made': {
      const { messageId, owner } = event;
      if (isSameOwner(owner, state.input.self)) return found(state, messageId);
      return evaluate({ ...state, claimedByOthers: [...state.claimedByOthers, messageId] });
    }
    case 'waited':
      return {
        state: { ...state, waitedMs: state.waitedMs + event.ms },
        command: { kind: 'list-runs' },
      };
  }
}

function askForClaim(state: SearchState): SearchStep {
  const [messageId] = state.unasked;
  return messageId === undefined ? evaluate(state) : { state, command: { kind: 'find-claim', messageId } };
}

function evaluate(state: SearchState): SearchStep {
  const { input, runs } = state;
  const answer = (verdict: SentSmsVerdict): SearchStep => ({ state, command: { kind: 'answer', verdict } });
  const evaluation = evaluateCandidates({ ...input, runs, claimedByOthers: new Set(state.claimedByOthers) });
  switch (evaluation.kind) {
    case 'clean':
      return answer({ verdict: 'clean' });
    case 'ambiguous': {
      const { kind, ...ambiguity } = evaluation;
      return answer({ verdict: kind, ...ambiguity });
    }
    case 'owned':
      return answer(foundVerdict(evaluation.messageId, evaluation.row ?? { atMs: input.nowMs }));
    case 'claimable':
      return claimFirst(state, evaluation.rows);
  }
}

function claimFirst(state: SearchState, [row]: readonly Match[]): SearchStep {
  const messageId = row?.messageIds[0];
  if (messageId === undefined) return { state, command: { kind: 'answer', verdict: { verdict: 'clean' } } };
  const { knownRows, listingLagMs } = state.input;
  const knownForMs = knownRows.find((known) => known.messageId === messageId)?.forMs ?? 0;
  const missingMs = listingLagMs - knownForMs - state.waitedMs;
  if (missingMs <= 0) return { state, command: { kind: 'claim', messageId } };
  if (missingMs <= MAX_WAIT_MS) return { state, command: { kind: 'wait', ms: missingMs } };
  return {
    state,
    command: {
      kind: 'answer',
      verdict: {
        verdict: 'ambiguous',
        reason:
          'a row has this number and text, but another run may own it: the other runs have to be listed again',
        showsMessage: true,
        isTransient: true,
        unclaimed: { messageId, claimableInMs: missingMs },
      },
    },
  };
}

function found(state: SearchState, messageId: string): SearchStep {
  const row = state.input.candidates.matches.find(({ messageIds }) => messageIds.includes(messageId));
  const verdict = foundVerdict(messageId, row ?? { atMs: state.input.nowMs });
  return { state, command: { kind: 'answer', verdict } };
}

function foundVerdict(
  messageId: string,
  { atMs, failure }: { readonly atMs: number; readonly failure?: string | undefined },
): SentSmsVerdict {
  const timestamp = new Date(atMs).toISOString();
  return { verdict: 'found', messageId, timestamp, ...(failure === undefined ? {} : { failure }) };
}
