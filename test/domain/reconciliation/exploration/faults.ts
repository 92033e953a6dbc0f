import type { ReconciliationEvent } from '../../../../src/domain/reconciliation/event.js';
import type { ReconciliationState } from '../../../../src/domain/reconciliation/state.js';
import type { Step } from '../../../../src/domain/reconciliation/step.js';
import type { SearchEvent, SearchStep } from '../../../../src/domain/reconciliation/search.js';
import type { Parts } from './parts.js';
import type { SETTINGS } from './settings.js';

/** A variant of the product's own parts, with one fault in it. */
export type Fault = (real: Parts) => Parts;

type Inputs = [state: ReconciliationState, event: ReconciliationEvent];

/** A machine that is given events that differ from the facts. */
const told =
  (change: (...inputs: Inputs) => Inputs): Fault =>
  (real) => ({ ...real, nextStep: (state, event) => real.nextStep(...change(state, event)) });

/** A machine that does something else than what it ought to. */
const answering =
  (change: (step: Step, real: Parts, ...inputs: Inputs) => Step): Fault =>
  (real) => ({
    ...real,
    nextStep: (state, event) => change(real.nextStep(state, event), real, state, event),
  });

/** A search that does something else than what it ought to. */
const searching =
  (change: (step: SearchStep, real: Parts) => SearchStep): Fault =>
  (real) => ({
    ...real,
    firstSearchStep: (input) => change(real.firstSearchStep(input), real),
    nextSearchStep: (state, event) => change(real.nextSearchStep(state, event), real),
  });

const withoutUnknown = (state: ReconciliationState) => ({ ...state, unknown: undefined });

const A_YEAR_MS = 365 * 24 * 60 * 60_000;

/** Faults that somebody could make, by what they leave out or get wrong. */
export const FAULTS = {
  claimsLeftOut: searching((step, real) => {
    if (step.command.kind !== 'claim') return step;
    const { messageId } = step.command;
    const { self } = step.state.input;
    const granted: SearchEvent = { kind: 'claim-made', messageId, owner: self };
    return real.nextSearchStep(step.state, granted);
  }),
  rowClaimedTooEarly: (real) => ({ ...real, listingLagMs: 0 }),
  keyChangeOverlooked: (real) => ({
    ...real,
    firstSearchStep: (input) => real.firstSearchStep({ ...input, isOtherKey: false }),
  }),
  resetThatSends: (real) => ({ ...real, isKeptFromSending: () => false }),
  deadlineIgnored: (real) => ({
    ...real,
    firstStep: (rules) => real.firstStep({ ...rules, deadlineMs: rules.deadlineMs + A_YEAR_MS }),
  }),
  listNotRead: answering((step, real, _state, event) => {
    if (step.state.phase.kind !== 'checking') return step;
    const { nowMs, jitter } = event;
    const verdict = { verdict: 'clean' } as const;
    return real.nextStep(step.state, {
      kind: 'asked',
      verdict,
      key: 'key 1',
      decision: undefined,
      nowMs,
      jitter,
    });
  }),
  unreadableTakenForClean: told((state, event) => {
    const isUnreadable = event.kind === 'asked' && event.verdict.verdict === 'unreadable';
    return [state, isUnreadable ? { ...event, verdict: { verdict: 'clean' } } : event];
  }),
  ambiguousTakenForClean: told((state, event) => {
    const isAmbiguous = event.kind === 'asked' && event.verdict.verdict === 'ambiguous';
    return [state, isAmbiguous ? { ...event, verdict: { verdict: 'clean' } } : event];
  }),
  resendWithoutBound: told((state, event) => {
    const { unknown } = state;
    const isClean = event.kind === 'asked' && event.verdict.verdict === 'clean';
    return [
      isClean && unknown !== undefined ? { ...state, unknown: { ...unknown, resends: 0 } } : state,
      event,
    ];
  }),
  resetForgotten: answering((step, real, state, event) => {
    const { unknown } = state;
    if (event.kind !== 'asked' || unknown === undefined) return step;
    const forgotten = { ...state, unknown: { ...unknown, refusedRunId: undefined } };
    const { state: next, command } = real.nextStep(forgotten, event);
    const { refusedRunId } = unknown;
    return {
      state: next.unknown === undefined ? next : { ...next, unknown: { ...next.unknown, refusedRunId } },
      command: command.kind === 'request' ? { ...command, clearedRunId: refusedRunId } : command,
    };
  }),
  decisionOvertaken: told((state, event) => [
    state,
    event.kind === 'hold-closed' && state.phase.kind === 'leaving-hold' && state.phase.exit.kind !== 'named'
      ? { ...event, decision: undefined }
      : event,
  ]),
  orderWithoutReading: answering((step, real, state, event) => {
    const isOrder =
      event.kind === 'hold-interrupted' && event.decision !== undefined && 'resend' in event.decision;
    if (!isOrder || state.unknown?.requestedWith === undefined) return step;
    const { requestedWith: key } = state.unknown;
    const exit = { kind: 'send-again', key, by: 'operator' } as const;
    return { state: { ...state, phase: { kind: 'leaving-hold', exit } }, command: { kind: 'close-hold' } };
  }),
  orderThoughRowIsShown: told((state, event) => {
    if (event.kind !== 'asked' || event.verdict.verdict !== 'ambiguous') return [state, event];
    const { verdict, reason } = event.verdict;
    return [state, { ...event, verdict: { verdict, reason } }];
  }),
  failedRowTakenForProof: told((state, event) => {
    const isFailed =
      event.kind === 'asked' && event.verdict.verdict === 'found' && event.verdict.failure !== undefined;
    return [isFailed ? { ...state, maybeListed: 1 } : state, event];
  }),
  deniedRequestForgotten: answering((step, _real, { maybeListed }, { kind }) =>
    kind === 'not-sent' ? { ...step, state: { ...step.state, maybeListed } } : step,
  ),
  wordBelieved: told((state, event) => [
    state,
    event.kind === 'not-sent' ? { ...event, lookBeforeRepeat: false } : event,
  ]),
  refusalTakenForProof: told((state, event) => [
    event.kind === 'refused' ? withoutUnknown(state) : state,
    event,
  ]),
  cancelTakenForProof: answering((step, _real, _state, event) => {
    const isCancelled =
      (event.kind === 'hold-closed' || event.kind === 'asked') && step.reconciledBy === 'cancelled';
    return isCancelled ? { ...step, command: { kind: 'fail', failure: { kind: 'passed-on' } } } : step;
  }),
  secondMessageNotLookedFor: told((state, event) => [
    event.kind === 'accepted' ? withoutUnknown(state) : state,
    event,
  ]),
  heldForEver: answering((step) => {
    const { command } = step;
    return command.kind === 'hold' ? { ...step, command: { ...command, waitMs: Infinity } } : step;
  }),
} as const satisfies Record<string, Fault>;

/**
 * A fault, what the machine does because of it, where that shows, and the shortest story that shows
 * it.
 */
export interface PlantedFault {
  readonly fault: keyof typeof FAULTS;
  readonly title: string;
  readonly setting: keyof typeof SETTINGS;
  /** What happens, in order; the last line is the promise that it breaks. */
  readonly story: readonly string[];
}
