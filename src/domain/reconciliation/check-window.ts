import { withJitter } from '../schedule.js';
import { carryOut, decide } from './decide.js';
import { describeCheck } from './describe.js';
import type { EventOf } from './event.js';
import { hold } from './hold.js';
import { addSighting } from './sightings.js';
import { checksOf, type CheckWindow, type ReconciliationState } from './state.js';
import { failWith, type Step } from './step.js';
import { unknownOf, queryOf } from './unknown-outcome.js';

/** How many checks a window has. */
function lengthOf({ rules }: ReconciliationState, { notSent }: CheckWindow): number {
  return notSent === undefined ? checksOf(rules).length : 1;
}

/**
 * Waits for the next check of the sent messages after a request.
 *
 * @param when `atMs` is its time if that is known, epoch milliseconds
 */
export function waitForCheck(
  state: ReconciliationState,
  window: CheckWindow,
  { jitter, atMs }: { readonly jitter: number; readonly atMs?: number | undefined },
): Step {
  const { check, sinceMs, notSent } = window;
  const untilMs = atMs ?? sinceMs + withJitter(checksOf(state.rules)[check] ?? 0, jitter);
  const of = lengthOf(state, window);
  const details = describeCheck(unknownOf(state).message, { atMs: untilMs, check, of });
  return {
    state: { ...state, phase: { kind: 'waiting', check, sinceMs, notSent } },
    command: { kind: 'wait', untilMs },
    // A resend that was proven not sent is still that resend.
    report:
      notSent === undefined ? { details, status: 'checking' } : { details: `${notSent.reason} ${details}` },
  };
}

/** Reads the sent messages; a cancelled run reads them once before it ends. */
export function afterWaitForCheck(
  state: ReconciliationState,
  { check, sinceMs, notSent }: CheckWindow,
  { isCancelled }: EventOf<'waited'>,
): Step {
  return {
    state: { ...state, phase: { kind: 'checking', check, sinceMs, notSent, isCancelled } },
    command: { kind: 'ask', query: queryOf(unknownOf(state)), sightings: state.sightings },
  };
}

/** What follows from a check: before the window's end a row may still appear. */
export function afterCheck(
  state: ReconciliationState,
  { isCancelled, ...window }: CheckWindow & { readonly isCancelled: boolean },
  event: EventOf<'asked'>,
): Step {
  const { verdict, key, nowMs, jitter } = event;
  const seen = { ...state, sightings: addSighting(state.sightings, verdict, nowMs) };
  const unknown = unknownOf(state);
  if (verdict.verdict === 'found') return carryOut(seen, { kind: 'found', verdict }, event);
  if (isCancelled) {
    return failWith(seen, { kind: 'unknown', attempt: unknown.attempt }, { reconciledBy: 'cancelled' });
  }
  const check = window.check + 1;
  if (check < lengthOf(state, window)) return waitForCheck(seen, { ...window, check }, { jitter });
  const decision = decide(seen, verdict, { key, nowMs });
  if (decision.kind !== 'hold') return carryOut(seen, decision, event);
  const { reason } = decision;
  return hold(seen, { asked: 0, isResendOrdered: false, reason, opens: true }, event);
}
