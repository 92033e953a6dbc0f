import { withJitter } from '../schedule.js';
import type { SmsResult } from '../sms-job.js';
import { describeDuplicateLook } from './describe.js';
import type { EventOf } from './event.js';
import {
  checksOf,
  type AcceptedMessage,
  type DuplicateLook,
  type ReconciliationState,
  type UnknownOutcome,
} from './state.js';
import type { Step } from './step.js';
import { queryOf } from './unknown-outcome.js';

/**
 * A message that was sent again may be there twice: looks at once, and once more after the window's
 * length.
 */
const LOOKS = 2;

/** Looks for a second message beside one that is known to be with the provider. */
export function lookForDuplicate(
  state: ReconciliationState,
  result: AcceptedMessage,
  unknown: UnknownOutcome,
  { nowMs }: { readonly nowMs: number },
): Step {
  const query = queryOf({ ...unknown, toMs: nowMs });
  const step = look({ ...state, unknown: undefined }, { result, query, look: 1 });
  return { ...step, report: { details: describeDuplicateLook(nowMs), status: 'resent' }, isCertain: true };
}

function look(state: ReconciliationState, current: DuplicateLook): Step {
  const { result, query } = current;
  return {
    state: { ...state, phase: { kind: 'looking-for-duplicate', ...current } },
    command: { kind: 'look-for-duplicate', messageId: result.messageId, query },
  };
}

/** What follows from a look. */
export function afterDuplicateLook(
  state: ReconciliationState,
  { result, query, look: looked }: DuplicateLook,
  { possibleDuplicateOf, nowMs, jitter }: EventOf<'looked-for-duplicate'>,
): Step {
  if (possibleDuplicateOf !== undefined) return complete(state, { ...result, possibleDuplicateOf });
  if (looked === LOOKS) return complete(state, result);
  const untilMs = nowMs + withJitter(checksOf(state.rules).at(-1) ?? 0, jitter);
  return {
    state: { ...state, phase: { kind: 'waiting-for-duplicate', result, query, look: looked } },
    command: { kind: 'wait', untilMs },
    report: { details: describeDuplicateLook(untilMs), status: 'resent' },
  };
}

/** A cancelled run looks no more, as its message was sent. */
export function afterWaitForDuplicate(
  state: ReconciliationState,
  { result, query, look: looked }: DuplicateLook,
  { isCancelled }: EventOf<'waited'>,
): Step {
  if (isCancelled) return complete(state, result);
  return look(state, { result, query, look: looked + 1 });
}

function complete(
  state: ReconciliationState,
  result: AcceptedMessage & Pick<SmsResult, 'possibleDuplicateOf'>,
): Step {
  return {
    state: { ...state, phase: { kind: 'ended' } },
    command: { kind: 'complete', result: { success: true, ...result } },
  };
}
