import { withJitter } from '../schedule.js';
import { begin, openWindow } from './after-request.js';
import { CONTRADICTED, describeLook } from './describe.js';
import type { EventOf, NotSent } from './event.js';
import { LOOKS_BEFORE_REPEAT } from '../replayed-constants.js';
import { delayAfterLook } from './rules.js';
import { addSighting } from './sightings.js';
import type { ReconciliationState } from './state.js';
import { failWith, type Step } from './step.js';
import { addUnknown } from './unknown-outcome.js';

/** A look at the sent messages before a request is repeated; `look` counts from 1. */
interface Look {
  readonly request: NotSent;
  readonly look: number;
}

/**
 * Repeats a request that was proven not sent. Where only the provider's word proves it (its phone
 * is offline), its sent messages are read first. A run needs one answer: from then on the word is
 * believed.
 */
export function afterWaitToRepeat(
  state: ReconciliationState,
  { request, look }: Look,
  { isCancelled }: EventOf<'waited'>,
): Step {
  if (isCancelled) return failWith(state, { kind: 'passed-on' });
  if (!request.lookBeforeRepeat || state.isOfflineBelieved) return begin(state);
  const fromMs = state.offlineSinceMs ?? request.fromMs;
  return {
    state: { ...state, offlineSinceMs: fromMs, phase: { kind: 'looking', request, look } },
    command: {
      kind: 'ask',
      query: { fromMs, toMs: request.toMs, requestedWith: request.key },
      sightings: state.sightings,
    },
    report: { details: describeLook(request) },
  };
}

/** What follows from a look: only a row that may be the message speaks against the provider. */
export function afterLook(
  state: ReconciliationState,
  { request, look }: Look,
  event: EventOf<'asked'>,
): Step {
  const { verdict, nowMs, jitter } = event;
  const seen = { ...state, sightings: addSighting(state.sightings, verdict, nowMs) };
  const isContradicted =
    verdict.verdict === 'found' || (verdict.verdict === 'ambiguous' && verdict.showsMessage === true);
  if (isContradicted) return contradict(seen, request, event);
  if (verdict.verdict !== 'unreadable') return begin({ ...seen, isOfflineBelieved: true });
  if (look === LOOKS_BEFORE_REPEAT.maxLooks) return begin(seen);
  return {
    state: { ...seen, phase: { kind: 'between-looks', request, look } },
    command: { kind: 'wait', untilMs: nowMs + withJitter(delayAfterLook(look), jitter) },
  };
}

function contradict(state: ReconciliationState, request: NotSent, event: EventOf<'asked'>): Step {
  const { attempt, toMs, key } = request;
  const fromMs = state.offlineSinceMs ?? request.fromMs;
  const unknown = addUnknown(
    undefined,
    { attempt, fromMs, toMs, key, message: CONTRADICTED, refusedRunId: undefined },
    state.rules.startedAtMs,
  );
  return openWindow({ ...state, unknown }, undefined, event);
}
