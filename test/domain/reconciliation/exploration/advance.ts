import type { Occurrence } from '../../../../src/domain/reconciliation/event.js';
import type { RunFailure } from '../../../../src/domain/reconciliation/command.js';
import type { Parts } from './parts.js';
import { brokenByEnd } from './promises.js';
import { runOf, withRun, type Run, type RunEnd, type RunName, type Setting, type World } from './world.js';

/** A run that makes its first request next. */
export function startRun(parts: Parts, name: RunName, setting: Setting, startedAtMs: number): Run {
  const deadlineMs = startedAtMs + setting.deadlineMs;
  const { state, command } = parts.firstStep({ options: setting.options, deadlineMs, startedAtMs });
  return {
    name,
    step: { state, command },
    deadlineMs,
    dueMs: undefined,
    search: undefined,
    out: undefined,
    requests: 0,
    isListed: false,
    isCancelled: false,
    wasReset: false,
    isCertain: false,
    isOpen: false,
    deciding: undefined,
    decision: undefined,
    owned: [],
    ownedFailed: [],
    end: undefined,
    reading: undefined,
    hasUnknown: false,
    isOrdered: false,
    granted: undefined,
    resendsByRule: 0,
    isWordUnproven: false,
    looks: 0,
    maybeSent: 0,
    extras: 0,
    duplicateLooks: 0,
    duplicate: undefined,
    named: undefined,
  };
}

/** The world after the machine of a run has processed an event. */
export function advance(parts: Parts, world: World, name: RunName, occurrence: Occurrence): World {
  const run = runOf(world, name);
  const { state, command, isCertain } = parts.nextStep(run.step.state, {
    ...occurrence,
    nowMs: world.nowMs,
    jitter: 0,
  });
  const next: Run = {
    ...run,
    step: { state, command },
    dueMs: undefined,
    isCertain: run.isCertain || isCertain === true,
  };
  switch (command.kind) {
    case 'wait':
      return withRun(world, { ...next, dueMs: command.untilMs });
    case 'hold': {
      const dueMs = world.nowMs + command.waitMs;
      const opened = command.opens ? { isOpen: true, decision: undefined } : {};
      return withRun(world, { ...next, ...opened, dueMs });
    }
    case 'close-hold':
      return closeHold(parts, withRun(world, next), name);
    case 'complete': {
      const { messageId, possibleDuplicateOf } = command.result;
      return endRun(world, next, { kind: 'completed', messageId, possibleDuplicateOf });
    }
    case 'fail':
      return endRun(world, next, endBy(command.failure, next));
    case 'request':
    case 'ask':
    case 'look-for-duplicate':
      return withRun(world, next);
  }
}

/** Closes the hold of a run that leaves it, unless a decision is being taken. */
export function closeHold(parts: Parts, world: World, name: RunName): World {
  const run = runOf(world, name);
  if (run.deciding !== undefined) return world;
  const closed = withRun(world, { ...run, isOpen: false });
  return advance(parts, closed, name, { kind: 'hold-closed', decision: run.decision });
}

function endRun(world: World, run: Run, end: RunEnd): World {
  const broken = brokenByEnd(world, run, end);
  const ended = withRun(world, { ...run, end, isOpen: false });
  return broken === undefined ? ended : { ...ended, broken: `${run.name} ${broken}` };
}

/** What people learn; a reset run that ends for another reason may have sent before. */
function endBy(failure: RunFailure, { wasReset, isCertain }: Run): RunEnd {
  const isUnknown =
    failure.kind === 'unknown' ||
    failure.kind === 'unknown-before' ||
    (failure.kind === 'code' && failure.code === 'SEND_OUTCOME_UNKNOWN') ||
    (wasReset && !isCertain);
  return { kind: isUnknown ? 'unknown' : 'not sent' };
}
