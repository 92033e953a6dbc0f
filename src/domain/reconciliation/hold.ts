import { withJitter } from '../schedule.js';
import type { SendDecision } from '../send-decision.js';
import { carryOut, conclude, decide } from './decide.js';
import { describeHold } from './describe.js';
import type { EventOf } from './event.js';
import { delayBeforeAsk } from './rules.js';
import { addSighting } from './sightings.js';
import { remainingMs, type Hold, type HoldExit, type ReconciliationState } from './state.js';
import type { Step } from './step.js';
import { queryOf, unknownOf } from './unknown-outcome.js';
import type { UnfoundVerdict } from './verdict.js';

/** Holds the run until the sent messages or an operator know more, or the deadline passes. */
export function hold(
  state: ReconciliationState,
  { asked, isResendOrdered, reason, opens }: Hold & { readonly reason: string; readonly opens: boolean },
  { nowMs, jitter }: { readonly nowMs: number; readonly jitter: number },
): Step {
  const { deadlineMs } = state.rules;
  const restMs = remainingMs(state.rules, nowMs);
  const waitMs = Math.max(1, Math.min(withJitter(delayBeforeAsk(asked), jitter), restMs));
  const report = {
    status: 'held',
    details: describeHold(reason, { askAtMs: nowMs + waitMs, deadlineMs }),
  } as const;
  if (restMs <= 0) return { ...leave(state, { kind: 'fail', by: 'deadline' }), report };
  return {
    state: { ...state, phase: { kind: 'held', asked, isResendOrdered } },
    command: { kind: 'hold', waitMs, opens },
    report,
  };
}

/** The wait is over, an operator has decided, or the run was cancelled. */
export function afterInterruption(
  state: ReconciliationState,
  { asked, isResendOrdered }: Hold,
  { isCancelled, decision }: EventOf<'hold-interrupted'>,
): Step {
  if (isCancelled) return leave(state, { kind: 'fail', by: 'cancelled' });
  if (decision !== undefined && !('resend' in decision)) return leave(state, exitBy(decision));
  return {
    state: { ...state, phase: { kind: 'asking-while-held', asked, isResendOrdered } },
    command: { kind: 'ask', query: queryOf(unknownOf(state)), sightings: state.sightings },
  };
}

/**
 * What the sent messages show counts before any decision; an order to send again is carried out
 * after they were read.
 */
export function afterAskWhileHeld(
  state: ReconciliationState,
  current: Hold,
  { verdict, key, decision, nowMs, jitter }: EventOf<'asked'>,
): Step {
  const seen = { ...state, sightings: addSighting(state.sightings, verdict, nowMs) };
  if (verdict.verdict === 'found') return leave(seen, { kind: 'found', verdict });
  if (decision !== undefined && !('resend' in decision)) return leave(seen, exitBy(decision));
  const isNewOrder = decision !== undefined;
  const isResendOrdered = isNewOrder || current.isResendOrdered;
  // An order can be taken back until it is carried out.
  const held = { asked: isNewOrder ? 0 : current.asked + 1, isResendOrdered, opens: isNewOrder };
  if (isResendOrdered) {
    const obstacle = whyNotYet(verdict);
    if (key !== undefined && obstacle === undefined) {
      return leave(seen, { kind: 'send-again', key, by: 'operator' });
    }
    const reason = `a resend was ordered, but ${obstacle ?? 'the API key is unavailable'}`;
    return hold(seen, { ...held, reason }, { nowMs, jitter });
  }
  const next = decide(seen, verdict, { key, nowMs });
  if (next.kind !== 'hold') return leave(seen, next);
  return hold(seen, { ...held, reason: next.reason }, { nowMs, jitter });
}

/**
 * Why an order to send again is not carried out yet; a row that may be the message is waited for
 * until it is known whose it is.
 */
function whyNotYet(verdict: UnfoundVerdict): string | undefined {
  return verdict.verdict === 'ambiguous' && verdict.isTransient === true ? verdict.reason : undefined;
}

/**
 * Leaves the hold, now that no decision is taken any more. An operator who has seen the message
 * knows more than sent messages that do not show it, a deadline or a cancellation.
 */
export function afterClosing(
  state: ReconciliationState,
  exit: HoldExit,
  event: EventOf<'hold-closed'>,
): Step {
  const { decision, nowMs } = event;
  if (exit.kind === 'found') return carryOut(state, exit, event);
  if (decision !== undefined && 'sent' in decision) {
    const timestamp = new Date(nowMs).toISOString();
    return conclude(state, { messageId: decision.messageId, timestamp, by: 'operator' }, event);
  }
  if (exit.kind === 'named') throw new TypeError('The decision that ends the hold is missing.');
  return carryOut(state, exit, event);
}

function leave(state: ReconciliationState, exit: HoldExit): Step {
  return { state: { ...state, phase: { kind: 'leaving-hold', exit } }, command: { kind: 'close-hold' } };
}

function exitBy(decision: Exclude<SendDecision, { resend: true }>): HoldExit {
  return 'sent' in decision ? { kind: 'named' } : { kind: 'fail', by: 'abandoned' };
}
