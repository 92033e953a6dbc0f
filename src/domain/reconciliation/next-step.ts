import { afterRequest, begin } from './after-request.js';
import { afterLook, afterWaitToRepeat } from './before-repeat.js';
import { afterCheck, afterWaitForCheck } from './check-window.js';
import type { EventOf, ReconciliationEvent } from './event.js';
import { afterAskWhileHeld, afterClosing, afterInterruption } from './hold.js';
import { afterDuplicateLook, afterWaitForDuplicate } from './look-for-duplicate.js';
import type { ReconciliationState, RunRules } from './state.js';
import type { Step } from './step.js';

/** The first step of a run. */
export function firstStep(rules: RunRules): Step {
  return begin({
    rules,
    phase: { kind: 'requesting' },
    unknown: undefined,
    sightings: [],
    maybeListed: 0,
    offlineSinceMs: undefined,
    isOfflineBelieved: false,
  });
}

/**
 * What a run does next about its message: the state after an event, and the one command that the
 * driver must carry out.
 *
 * Pure: time and chance come with the event. Two rules hold throughout. After a request of unknown
 * outcome, another needs a list of sent messages that was read since and does not show the message,
 * or an operator's order. What was unknown and was not reconciled ends as SEND_OUTCOME_UNKNOWN,
 * whatever ends the run.
 *
 * @throws TypeError for an event that does not belong to the state
 */
export function nextStep(state: ReconciliationState, event: ReconciliationEvent): Step {
  switch (event.kind) {
    case 'accepted':
    case 'not-sent':
    case 'unknown':
    case 'refused':
    case 'never-began':
      return state.phase.kind === 'requesting' ? afterRequest(state, event) : refuse(state, event);
    case 'waited':
      return afterWait(state, event);
    case 'asked':
      return afterAnswer(state, event);
    case 'hold-interrupted':
      return state.phase.kind === 'held'
        ? afterInterruption(state, state.phase, event)
        : refuse(state, event);
    case 'hold-closed':
      return state.phase.kind === 'leaving-hold'
        ? afterClosing(state, state.phase.exit, event)
        : refuse(state, event);
    case 'looked-for-duplicate':
      return state.phase.kind === 'looking-for-duplicate'
        ? afterDuplicateLook(state, state.phase, event)
        : refuse(state, event);
  }
}

function afterWait(state: ReconciliationState, event: EventOf<'waited'>): Step {
  const { phase } = state;
  if (phase.kind === 'backing-off') return afterWaitToRepeat(state, { ...phase, look: 1 }, event);
  if (phase.kind === 'between-looks') {
    return afterWaitToRepeat(state, { ...phase, look: phase.look + 1 }, event);
  }
  if (phase.kind === 'waiting') return afterWaitForCheck(state, phase, event);
  if (phase.kind === 'waiting-for-duplicate') return afterWaitForDuplicate(state, phase, event);
  return refuse(state, event);
}

function afterAnswer(state: ReconciliationState, event: EventOf<'asked'>): Step {
  const { phase } = state;
  if (phase.kind === 'looking') return afterLook(state, phase, event);
  if (phase.kind === 'checking') return afterCheck(state, phase, event);
  if (phase.kind === 'asking-while-held') return afterAskWhileHeld(state, phase, event);
  return refuse(state, event);
}

function refuse({ phase }: ReconciliationState, { kind }: ReconciliationEvent): never {
  throw new TypeError(`A run in phase ${phase.kind} expects no event ${kind}.`);
}
