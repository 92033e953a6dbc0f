import type { SmsResult } from '../sms-job.js';
import { describeVerdict } from './describe.js';
import { lookForDuplicate } from './look-for-duplicate.js';
import { ruleForCleanList } from './rules.js';
import { remainingMs, type HoldExit, type ReconciliationState } from './state.js';
import { failWith, type Step } from './step.js';
import { unknownOf } from './unknown-outcome.js';
import type { FoundVerdict, UnfoundVerdict } from './verdict.js';

/** How an unknown outcome ends, in a hold or without one. */
export type Ending = Exclude<HoldExit, { kind: 'named' }>;

/** What follows from sent messages that do not show the message. */
export function decide(
  state: ReconciliationState,
  verdict: UnfoundVerdict,
  { key, nowMs }: { readonly key: string | undefined; readonly nowMs: number },
): Ending | { readonly kind: 'hold'; readonly reason: string } {
  if (verdict.verdict !== 'clean') return { kind: 'hold', reason: describeVerdict(verdict) };
  const { resends, isGranted, refusedRunId } = unknownOf(state);
  const { options } = state.rules;
  const rule = ruleForCleanList({ options, resends, isGranted, wasReset: refusedRunId !== undefined });
  if (rule.kind === 'hold') return rule;
  if (rule.kind === 'fail') return { kind: 'fail', by: 'rule' };
  if (remainingMs(state.rules, nowMs) <= 0) return { kind: 'fail', by: 'deadline' };
  if (key === undefined) return { kind: 'hold', reason: 'the API key is unavailable' };
  return { kind: 'send-again', key, by: 'resend' };
}

/** Brings an unknown outcome to its end. */
export function carryOut(
  state: ReconciliationState,
  ending: Ending,
  event: { readonly nowMs: number },
): Step {
  const unknown = unknownOf(state);
  switch (ending.kind) {
    case 'found':
      return conclude(state, { ...ending.verdict, by: 'log' }, event);
    case 'send-again':
      return {
        state: { ...state, unknown: { ...unknown, isGranted: true }, phase: { kind: 'requesting' } },
        command: { kind: 'request', key: ending.key, clearedRunId: unknown.refusedRunId },
        report: { details: 'The message is being resent.', status: 'resent' },
        reconciledBy: ending.by,
      };
    case 'fail':
      if (ending.by !== 'abandoned') {
        return failWith(state, { kind: 'unknown', attempt: unknown.attempt }, { reconciledBy: ending.by });
      }
      return failWith(
        state,
        {
          kind: 'code',
          code: 'SEND_OUTCOME_UNKNOWN',
          attempt: unknown.attempt,
          providerCode: undefined,
          message: 'An operator abandoned the send. The message may have been sent.',
        },
        { reconciledBy: 'abandoned' },
      );
  }
}

/** The message is known to be with the provider. */
export function conclude(
  state: ReconciliationState,
  found: Omit<FoundVerdict, 'verdict'> & { readonly by: 'log' | 'operator' },
  event: { readonly nowMs: number },
): Step {
  const { messageId, timestamp, failure, by } = found;
  const unknown = unknownOf(state);
  if (failure !== undefined) return failAsPhone(state, { providerCode: failure, by });
  if (unknown.resends > 0) {
    return { ...lookForDuplicate(state, { messageId, timestamp }, unknown, event), reconciledBy: by };
  }
  const result: SmsResult = { success: true, messageId, timestamp };
  return {
    state: { ...state, unknown: undefined, phase: { kind: 'ended' } },
    command: { kind: 'complete', result },
    report: { details: 'The provider’s sent messages show the message.', status: 'reconciled' },
    reconciledBy: by,
    isCertain: true,
  };
}

/** The phone failed to send one request, which proves nothing about any other. */
function failAsPhone(
  state: ReconciliationState,
  { providerCode, by }: { readonly providerCode: string; readonly by: 'log' | 'operator' },
): Step {
  const { attempt, refusedRunId } = unknownOf(state);
  if (state.maybeListed > 1 || refusedRunId !== undefined) {
    const message =
      'The account’s phone failed to send one request of this message. Another request may have been sent.';
    return failWith(
      state,
      { kind: 'code', code: 'SEND_OUTCOME_UNKNOWN', message, attempt, providerCode },
      { reconciledBy: by },
    );
  }
  const message = 'The account’s phone failed to send the message. The provider retries by itself.';
  return failWith(
    state,
    { kind: 'code', code: 'MESSAGE_SEND_FAILED', message, attempt, providerCode },
    {
      report: { details: 'The provider’s sent messages show the message as failed.', status: 'reconciled' },
      reconciledBy: by,
      isCertain: true,
    },
  );
}
