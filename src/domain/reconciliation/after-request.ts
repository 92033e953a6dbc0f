import { delayBeforeAttempt } from '../schedule.js';
import { waitForCheck } from './check-window.js';
import { describeBackOff } from './describe.js';
import type { EventOf, NotSent, RequestEnd } from './event.js';
import { lookForDuplicate } from './look-for-duplicate.js';
import type { ReconciliationState } from './state.js';
import { failWith, type Step } from './step.js';
import { addUnknown } from './unknown-outcome.js';

/** Makes a request of a run of which nothing is unknown. */
export function begin(state: ReconciliationState): Step {
  return {
    state: { ...state, phase: { kind: 'requesting' } },
    command: { kind: 'request', key: undefined, clearedRunId: undefined },
  };
}

/** What follows from the end of a request. */
export function afterRequest(state: ReconciliationState, event: EventOf<RequestEnd['kind']>): Step {
  const { unknown } = state;
  const listed = { ...state, maybeListed: state.maybeListed + 1 };
  switch (event.kind) {
    case 'accepted': {
      const { messageId, timestamp } = event;
      if (unknown !== undefined) return lookForDuplicate(state, { messageId, timestamp }, unknown, event);
      return {
        state: { ...state, phase: { kind: 'ended' } },
        command: { kind: 'complete', result: { success: true, messageId, timestamp } },
      };
    }
    case 'unknown': {
      const added = addUnknown(unknown, event, state.rules.startedAtMs);
      return openWindow({ ...listed, unknown: added }, undefined, event);
    }
    case 'not-sent': {
      const next = event.lookBeforeRepeat ? listed : state;
      return unknown === undefined ? backOff(next, event) : openWindow(next, event, event);
    }
    case 'refused':
      return failWith(
        state,
        unknown === undefined
          ? { kind: 'passed-on' }
          : {
              kind: 'unknown-before',
              message: `The message may have been sent before this: ${event.message}`,
            },
      );
    case 'never-began':
      return failWith(
        state,
        unknown === undefined ? { kind: 'passed-on' } : { kind: 'unknown', attempt: unknown.attempt },
      );
  }
}

function backOff(state: ReconciliationState, event: EventOf<'not-sent'>): Step {
  const untilMs = event.nowMs + delayAfter(state, event);
  return {
    state: { ...state, phase: { kind: 'backing-off', request: event } },
    command: { kind: 'wait', untilMs, mayEndEarly: true },
    report: { details: describeBackOff(event, untilMs) },
  };
}

/** Waits for the checks that follow the request which has just ended. */
export function openWindow(
  state: ReconciliationState,
  notSent: EventOf<'not-sent'> | undefined,
  event: { readonly nowMs: number; readonly jitter: number },
): Step {
  const atMs = notSent === undefined ? undefined : event.nowMs + delayAfter(state, notSent);
  return waitForCheck(state, { check: 0, sinceMs: event.nowMs, notSent }, { jitter: event.jitter, atMs });
}

/** How long to wait before the next request, in milliseconds; no longer than to the deadline. */
function delayAfter(
  { rules }: ReconciliationState,
  { attempt, retryAfterMs, nowMs, jitter }: Pick<EventOf<'not-sent'>, keyof NotSent | 'nowMs' | 'jitter'>,
): number {
  const { deadlineMs } = rules;
  const delayMs = delayBeforeAttempt({ failedAttempt: attempt, nowMs, deadlineMs, jitter, retryAfterMs });
  return Math.max(1, delayMs);
}
