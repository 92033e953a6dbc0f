import type { RequestEnd } from './event.js';
import type { ReconciliationState, UnknownOutcome } from './state.js';
import type { RequestQuery } from './verdict.js';

/** What is not known after one more request of unknown outcome. */
export function addUnknown(
  before: UnknownOutcome | undefined,
  request: Omit<Extract<RequestEnd, { kind: 'unknown' }>, 'kind'>,
  startedAtMs: number,
): UnknownOutcome {
  const { fromMs, toMs, key, attempt, message, refusedRunId } = request;
  const wasReset = refusedRunId !== undefined;
  return {
    // In a reset run it is the run before that may have sent, at any time since its start.
    fromMs: wasReset ? startedAtMs : (before?.fromMs ?? fromMs),
    toMs,
    requestedWith: wasReset ? undefined : key,
    attempt,
    message,
    refusedRunId: refusedRunId ?? before?.refusedRunId,
    resends: (before?.resends ?? 0) + (before?.isGranted === true && !wasReset ? 1 : 0),
    isGranted: false,
  };
}

/** Which requests the message is looked for after. */
export function queryOf({ fromMs, toMs, requestedWith }: RequestQuery): RequestQuery {
  return { fromMs, toMs, requestedWith };
}

/** The unknown outcome of a run that is reconciling one. */
export function unknownOf({ unknown }: ReconciliationState): UnknownOutcome {
  if (unknown === undefined) throw new TypeError('There is nothing to reconcile.');
  return unknown;
}
