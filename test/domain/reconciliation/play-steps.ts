import type { Command } from '../../../src/domain/reconciliation/command.js';
import type { Occurrence } from '../../../src/domain/reconciliation/event.js';
import { firstStep, nextStep } from '../../../src/domain/reconciliation/next-step.js';
import type { SentSmsVerdict } from '../../../src/domain/reconciliation/verdict.js';
import type { SendDecision } from '../../../src/domain/send-decision.js';
import type { SmsOptions } from '../../../src/domain/sms-job.js';

const MINUTE_MS = 60_000;

/**
 * The commands of a run that answer these events, one a minute; its one check comes a minute after
 * a request.
 */
export function playSteps(options: SmsOptions, ...occurrences: readonly Occurrence[]): Command[] {
  let step = firstStep({
    options: { unknownChecksMs: [MINUTE_MS], ...options },
    deadlineMs: 60 * MINUTE_MS,
    startedAtMs: 0,
  });
  return occurrences.map((occurrence, minute) => {
    step = nextStep(step.state, { ...occurrence, nowMs: minute * MINUTE_MS, jitter: 0 });
    return step.command;
  });
}

export const WAITED: Occurrence = { kind: 'waited', isCancelled: false };
export const CLOSED: Occurrence = { kind: 'hold-closed', decision: undefined };

/** A request whose reply is lost. */
export const lost = (attempt = 1): Occurrence => ({
  kind: 'unknown',
  attempt,
  fromMs: 0,
  toMs: 0,
  key: 'key',
  message: 'Lost.',
  refusedRunId: undefined,
});

/** A request that was proven not sent: by the provider's word alone where its phone is offline. */
export const notSent = (attempt: number, isOffline: boolean): Occurrence => ({
  kind: 'not-sent',
  attempt,
  fromMs: 0,
  toMs: 0,
  key: 'key',
  retryAfterMs: undefined,
  lookBeforeRepeat: isOffline,
  reason: 'Not sent.',
});

/** The provider's answer. */
export const asked = (verdict: SentSmsVerdict, decision?: SendDecision): Occurrence => ({
  kind: 'asked',
  verdict,
  key: 'key',
  decision,
});

/** The end of a wait within a hold. */
export const interrupted = (decision?: SendDecision): Occurrence => ({
  kind: 'hold-interrupted',
  isCancelled: false,
  decision,
});
