import { ApplicationFailure, condition, isCancellation, sleep } from '@temporalio/workflow';
import type { SealedApiKey, SentSms, SentSmsVerdict } from '../activities/types.js';
import { isSmsRunErrorCode } from '../domain/errors.js';
import { RESOLVE_SEND, type SendDecision } from '../domain/send-decision.js';
import { DEFAULT_UNKNOWN_CHECKS_MS, delayBeforeAsk, ruleForCleanLog } from '../domain/settle-rules.js';
import type { SmsJob, SmsResult } from '../domain/sms-job.js';
import type { Deadline } from './deadline.js';
import type { DecidedRun, DecisionDesk } from './decision-desk.js';
import { runFailure } from './failures.js';
import type { RunStatus } from './run-status.js';
import { delayAfter, type UnsentAttempt } from './send-attempt.js';
import { checkForDuplicate, checkSentLog, type SentLogQuery } from './sent-log-check.js';

/** How the doubt about a message is settled. */
export type Settled =
  | { readonly kind: 'sent'; readonly result: SmsResult }
  | { readonly kind: 'send-again'; readonly cleared: ClearedSend };

/** What one more request needs. */
export interface ClearedSend extends SealedApiKey {
  /** The reset run that may send all the same. */
  readonly clearedRunId?: string;
}

/** Knows whether the message of a run may have been sent, and finds out. */
export interface Settlement {
  /** A request of the run has an unknown outcome, and nothing has settled it. */
  readonly inDoubt: () => boolean;
  /** Settles the doubt after a request; waits as long as that takes. Fails as SEND_OUTCOME_UNKNOWN where it cannot. */
  settle(attempt: UnsentAttempt): Promise<Settled>;
  /** The result of a run whose request was accepted; looks for a second message if it was sent again. */
  conclude(sent: SentSms): Promise<SmsResult>;
  /** Whatever ends the run in doubt ends it as SEND_OUTCOME_UNKNOWN. */
  whatItMeans(error: unknown): unknown;
}

/** What is not known, since the first request of unknown outcome. */
interface Doubt {
  readonly fromMs: number;
  toMs: number;
  failure: ApplicationFailure;
  refusedRunId: string | undefined;
  /** How often the message was sent again, as far as that may have gone out. */
  resends: number;
  /** Sending again was decided, and has not gone out yet. */
  granted: boolean;
}

type FoundVerdict = Extract<SentSmsVerdict, { verdict: 'found' }>;

/** The settlement of one run; `startedAtMs` (epoch) is the start of the original run where this one is a reset. */
export function createSettlement(
  job: SmsJob,
  context: {
    readonly deadline: Deadline;
    readonly status: RunStatus;
    readonly desk: DecisionDesk;
    readonly originalRunId: string;
    readonly startedAtMs: number;
  },
): Settlement {
  const { deadline, status, desk, originalRunId, startedAtMs } = context;
  const { accountId, recipientPhone, message, options } = job;
  const checksMs = options?.unknownChecksMs ?? DEFAULT_UNKNOWN_CHECKS_MS;
  const heldRun: DecidedRun = { accountId, recipientPhone, originalRunId, startedAtMs };
  let doubt: Doubt | undefined;

  function note(attempt: UnsentAttempt): Doubt {
    if (attempt.kind === 'unknown') {
      const wasReset = attempt.refusedRunId !== undefined;
      doubt = {
        // In a reset run it is the run before that may have sent, at any time since its start.
        fromMs: wasReset ? startedAtMs : (doubt?.fromMs ?? attempt.fromMs),
        toMs: attempt.toMs,
        failure: attempt.failure,
        refusedRunId: attempt.refusedRunId ?? doubt?.refusedRunId,
        resends: (doubt?.resends ?? 0) + (doubt?.granted === true && !wasReset ? 1 : 0),
        granted: false,
      };
    }
    if (doubt === undefined) throw new TypeError('There is nothing to settle.');
    return doubt;
  }

  const queryOf = ({ fromMs, toMs }: Doubt): SentLogQuery => ({
    ...{ accountId, recipientPhone, message, originalRunId, fromMs, toMs },
  });

  /** The message is known to be with the gateway. */
  async function accept({ messageId, timestamp, failure }: FoundVerdict, current: Doubt): Promise<Settled> {
    doubt = undefined;
    if (failure !== undefined) {
      if (current.resends > 0 || current.refusedRunId !== undefined) {
        doubt = current;
        throw runFailure('SEND_OUTCOME_UNKNOWN', {
          message:
            'The gateway’s phone failed to send one request of this message; another one may have been sent.',
          details: { attempt: deadline.attempts, providerCode: failure },
          cause: current.failure,
        });
      }
      status.settle();
      status.set('settled', 'The gateway’s log shows the message as failed.');
      throw runFailure('MESSAGE_SEND_FAILED', {
        message: 'The gateway’s phone failed to send the message; the gateway retries by itself.',
        details: { attempt: deadline.attempts, providerCode: failure },
        cause: current.failure,
      });
    }
    status.settle();
    if (current.resends === 0) status.set('settled', 'The gateway’s log shows the message.');
    const result = { success: true, messageId, timestamp } as const;
    return {
      kind: 'sent',
      result: current.resends === 0 ? result : await watchForDuplicate(result, current),
    };
  }

  /** A message that was sent again may be there twice: looks at once, and once more when the window would end. */
  async function watchForDuplicate(result: SmsResult, current: Doubt): Promise<SmsResult> {
    const query = queryOf({ ...current, toMs: Date.now() });
    status.set('resent', 'Sent again; the gateway’s log is watched for a second message.');
    for (const waitMs of [0, checksMs.at(-1) ?? 0]) {
      if (waitMs > 0 && (await pause(waitMs))) break;
      const { possibleDuplicateOf } = await checkForDuplicate({ ...query, messageId: result.messageId });
      if (possibleDuplicateOf !== undefined) return { ...result, possibleDuplicateOf };
    }
    return result;
  }

  function sendAgain(current: Doubt, key: SealedApiKey): Settled {
    current.granted = true;
    status.set('resent', 'The message is being sent again.');
    const { refusedRunId } = current;
    return {
      kind: 'send-again',
      cleared: { ...key, ...(refusedRunId === undefined ? {} : { clearedRunId: refusedRunId }) },
    };
  }

  function afterCleanLog(current: Doubt, key: SealedApiKey | undefined): Settled | string {
    const wasReset = current.refusedRunId !== undefined;
    const rule = ruleForCleanLog({ ...current, options, wasReset });
    if (rule.kind === 'hold') return rule.reason;
    if (rule.kind === 'fail' || deadline.remainingMs() <= 0) throw current.failure;
    return key === undefined ? 'the API key cannot be had' : sendAgain(current, key);
  }

  /** What follows from a log that has not shown the message: a settlement, or the reason to hold the run. */
  function afterReading(
    verdict: Exclude<SentSmsVerdict, FoundVerdict>,
    key: SealedApiKey | undefined,
    current: Doubt,
  ): Settled | string {
    return verdict.verdict === 'clean' ? afterCleanLog(current, key) : verdict.reason;
  }

  async function watchWindow(attempt: UnsentAttempt, current: Doubt): Promise<Settled> {
    const endedAtMs = Date.now();
    const moments = attempt.kind === 'unknown' ? checksMs : [delayAfter(deadline, attempt)];
    // A resend that was proven not sent is still that resend.
    if (attempt.kind === 'unknown') {
      status.set(
        'checking',
        `Maybe sent: the gateway’s log is asked ${moments.length} times before anything else is done.`,
      );
    }
    let settled: Settled | string = 'the log was not asked';
    for (const [index, afterMs] of moments.entries()) {
      const wasCancelled = await pause(endedAtMs + afterMs - Date.now());
      const { verdict, key } = await checkSentLog(queryOf(current));
      if (verdict.verdict === 'found') return await accept(verdict, current);
      if (wasCancelled) throw current.failure;
      // Before the window's end a row may still turn up.
      if (index === moments.length - 1) settled = afterReading(verdict, key, current);
    }
    return typeof settled === 'string' ? await hold(settled, current) : settled;
  }

  /** Held, until the log or a person knows more, or the deadline passes. */
  async function hold(why: string, current: Doubt): Promise<Settled> {
    let settled: Settled | FoundVerdict | undefined;
    let failure: unknown;
    desk.open(heldRun);
    try {
      settled = await whileHeld(why, current);
    } catch (error) {
      failure = error;
    }
    await desk.close();
    if (settled !== undefined && 'verdict' in settled) return await accept(settled, current);
    // A person who has seen the message knows more than a log that does not show it, a deadline or a cancellation.
    const decision = desk.decision();
    if (decision !== undefined && 'sent' in decision) return await named(decision.messageId, current);
    if (settled !== undefined) return settled;
    throw failure;
  }

  /** What ends the hold. What the log shows counts before any decision. */
  async function whileHeld(why: string, current: Doubt): Promise<Settled | FoundVerdict | undefined> {
    let reason = why;
    let isResendOrdered = false;
    for (let asked = 0; ; asked++) {
      status.set('held', `Held: ${reason}. Decide with the update ${RESOLVE_SEND}.`);
      if (deadline.remainingMs() <= 0) throw current.failure;
      const waitMs = Math.max(1, Math.min(delayBeforeAsk(asked), deadline.remainingMs()));
      await condition(() => desk.decision() !== undefined, waitMs);
      const early = desk.decision();
      if (early !== undefined && !('resend' in early)) {
        endUnlessSent(early, current);
        return undefined;
      }
      const { verdict, key } = await checkSentLog(queryOf(current));
      if (verdict.verdict === 'found') return verdict;
      await desk.settleDown();
      const decision = desk.decision();
      if (decision !== undefined && !('resend' in decision)) {
        endUnlessSent(decision, current);
        return undefined;
      }
      if (decision !== undefined) {
        isResendOrdered = true;
        asked = -1;
        // It can be taken back as long as it has not been carried out.
        desk.open(heldRun);
      }
      if (isResendOrdered && key === undefined) {
        reason = 'the message is to be sent again, and the API key cannot be had';
        continue;
      }
      if (isResendOrdered && key !== undefined) return sendAgain(current, key);
      const settled = afterReading(verdict, key, current);
      if (typeof settled !== 'string') return settled;
      reason = settled;
    }
  }

  /** A decision that ends the hold: what was sent is read from the desk. */
  function endUnlessSent(decision: SendDecision, current: Doubt): void {
    if (!('abandon' in decision)) return;
    throw runFailure('SEND_OUTCOME_UNKNOWN', {
      message: 'An operator left it: the message may have been sent.',
      details: { attempt: deadline.attempts },
      cause: current.failure,
    });
  }

  function named(messageId: string, current: Doubt): Promise<Settled> {
    const timestamp = new Date(Date.now()).toISOString();
    return accept({ verdict: 'found', messageId, timestamp }, current);
  }

  return {
    inDoubt: () => doubt !== undefined,
    settle: (attempt) => watchWindow(attempt, note(attempt)),
    async conclude({ messageId, timestamp }) {
      const current = doubt;
      const result: SmsResult = { success: true, messageId, timestamp };
      if (current === undefined) return result;
      doubt = undefined;
      status.settle();
      return await watchForDuplicate(result, current);
    },
    whatItMeans(error) {
      if (doubt === undefined) return error;
      if (isCancellation(error)) return doubt.failure;
      if (!(error instanceof ApplicationFailure) || !isSmsRunErrorCode(error.type)) return error;
      if (error.type === 'SEND_OUTCOME_UNKNOWN') return error;
      return runFailure('SEND_OUTCOME_UNKNOWN', {
        message: `The message may have been sent before this: ${error.message}`,
        details: { attempt: deadline.attempts },
        cause: error,
      });
    },
  };
}

/** Waits; true if the run was cancelled before or meanwhile. */
async function pause(ms: number): Promise<boolean> {
  try {
    await sleep(Math.max(1, ms));
    return false;
  } catch (error) {
    if (isCancellation(error)) return true;
    throw error;
  }
}
