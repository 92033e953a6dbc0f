import { condition, isCancellation, TemporalFailure, type ApplicationFailure } from '@temporalio/workflow';
import type { SealedApiKey, SentSms, SentSmsVerdict } from '../activities/types.js';
import { RESOLVE_SEND, type SendDecision } from '../domain/send-decision.js';
import { DEFAULT_UNKNOWN_CHECKS_MS, delayBeforeAsk, ruleForCleanLog } from '../domain/settle-rules.js';
import { withJitter } from '../domain/schedule.js';
import type { SmsJob, SmsResult } from '../domain/sms-job.js';
import type { Deadline } from './deadline.js';
import type { DecidedRun, DecisionDesk } from './decision-desk.js';
import { failureInDoubt, runFailure } from './failures.js';
import { moment } from './moment.js';
import { pause } from './pause.js';
import { countSettled, type SettledBy } from './run-metrics.js';
import type { RunStatus } from './run-status.js';
import { delayAfter, type UnsentAttempt } from './send-attempt.js';
import { checkSentLog, inWords, type SentLogQuery, type Sightings } from './sent-log-check.js';
import { watchForDuplicate } from './watch-for-duplicate.js';

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
  /** The API key of the last request; undefined where a run before made it. */
  requestedWith: string | undefined;
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
  const sightings: Sightings = new Map();
  let doubt: Doubt | undefined;
  /** What brings the doubt at hand to its end, as far as that shows; a cancellation if nothing else does. */
  let settledBy: SettledBy = 'cancelled';

  function note(attempt: UnsentAttempt): Doubt {
    if (attempt.kind === 'unknown') {
      const wasReset = attempt.refusedRunId !== undefined;
      doubt = {
        // In a reset run it is the run before that may have sent, at any time since its start.
        fromMs: wasReset ? startedAtMs : (doubt?.fromMs ?? attempt.fromMs),
        toMs: attempt.toMs,
        requestedWith: wasReset ? undefined : attempt.sealedApiKey,
        failure: attempt.failure,
        refusedRunId: attempt.refusedRunId ?? doubt?.refusedRunId,
        resends: (doubt?.resends ?? 0) + (doubt?.granted === true && !wasReset ? 1 : 0),
        granted: false,
      };
    }
    if (doubt === undefined) throw new TypeError('There is nothing to settle.');
    return doubt;
  }

  const queryOf = ({ fromMs, toMs, requestedWith }: Doubt): SentLogQuery => ({
    ...{ accountId, recipientPhone, message, originalRunId, fromMs, toMs },
    ...(requestedWith === undefined ? {} : { requestedWith }),
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
    countSettled(settledBy);
    status.settle();
    if (current.resends === 0) status.set('settled', 'The gateway’s log shows the message.');
    const result = { success: true, messageId, timestamp } as const;
    return {
      kind: 'sent',
      result: current.resends === 0 ? result : await withSecondLook(result, current),
    };
  }

  const withSecondLook = (result: SmsResult, current: Doubt): Promise<SmsResult> =>
    watchForDuplicate(result, {
      query: queryOf({ ...current, toMs: Date.now() }),
      windowMs: checksMs.at(-1) ?? 0,
      status,
    });

  function sendAgain(current: Doubt, key: SealedApiKey, by: 'resend' | 'operator'): Settled {
    settledBy = by;
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
    if (rule.kind === 'fail' || deadline.remainingMs() <= 0) {
      settledBy = rule.kind === 'fail' ? 'rule' : 'deadline';
      throw current.failure;
    }
    return key === undefined ? 'the API key cannot be had' : sendAgain(current, key, 'resend');
  }

  /** What follows from a log that has not shown the message: a settlement, or the reason to hold the run. */
  function afterReading(
    verdict: Exclude<SentSmsVerdict, FoundVerdict>,
    key: SealedApiKey | undefined,
    current: Doubt,
  ): Settled | string {
    return verdict.verdict === 'clean' ? afterCleanLog(current, key) : inWords(verdict);
  }

  async function watchWindow(attempt: UnsentAttempt, current: Doubt): Promise<Settled> {
    const endedAtMs = Date.now();
    // By the workflow's own random numbers, which a replay repeats.
    const moments =
      attempt.kind === 'unknown'
        ? checksMs.map((checkMs) => withJitter(checkMs, Math.random()))
        : [delayAfter(deadline, attempt)];
    let settled: Settled | string = 'the log was not asked';
    for (const [index, afterMs] of moments.entries()) {
      const details = `${current.failure.message} The gateway’s log is asked at ${moment(endedAtMs + afterMs)} (${index + 1} of ${moments.length}) before anything is sent again.`;
      // A resend that was proven not sent is still that resend.
      if (attempt.kind === 'unknown') status.set('checking', details);
      else status.say(`${attempt.reason} ${details}`);
      const wasCancelled = await pause(endedAtMs + afterMs - Date.now());
      const { verdict, key } = await checkSentLog(queryOf(current), sightings);
      if (verdict.verdict === 'found') return await shown(verdict, current);
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
    if (settled !== undefined && 'verdict' in settled) return await shown(settled, current);
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
      const askInMs = withJitter(delayBeforeAsk(asked), Math.random());
      const waitMs = Math.max(1, Math.min(askInMs, deadline.remainingMs()));
      status.set(
        'held',
        `Held: ${reason}. Decide with the update ${RESOLVE_SEND}, or with: npx durable-sms resolve. The gateway’s log is asked again at ${moment(Date.now() + waitMs)}; the send expires at ${moment(deadline.atMs)}.`,
      );
      if (deadline.remainingMs() <= 0) {
        settledBy = 'deadline';
        throw current.failure;
      }
      await condition(() => desk.decision() !== undefined, waitMs);
      const early = desk.decision();
      if (early !== undefined && !('resend' in early)) {
        endUnlessSent(early, current);
        return undefined;
      }
      const { verdict, key } = await checkSentLog(queryOf(current), sightings);
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
      if (isResendOrdered && key !== undefined) return sendAgain(current, key, 'operator');
      const settled = afterReading(verdict, key, current);
      if (typeof settled !== 'string') return settled;
      reason = settled;
    }
  }

  /** A decision that ends the hold: what was sent is read from the desk. */
  function endUnlessSent(decision: SendDecision, current: Doubt): void {
    if (!('abandon' in decision)) return;
    settledBy = 'abandoned';
    throw runFailure('SEND_OUTCOME_UNKNOWN', {
      message: 'An operator left it: the message may have been sent.',
      details: { attempt: deadline.attempts },
      cause: current.failure,
    });
  }

  function shown(verdict: FoundVerdict, current: Doubt): Promise<Settled> {
    settledBy = 'log';
    return accept(verdict, current);
  }

  function named(messageId: string, current: Doubt): Promise<Settled> {
    settledBy = 'operator';
    const timestamp = new Date(Date.now()).toISOString();
    return accept({ verdict: 'found', messageId, timestamp }, current);
  }

  return {
    inDoubt: () => doubt !== undefined,
    async settle(attempt) {
      settledBy = 'cancelled';
      try {
        const settled = await watchWindow(attempt, note(attempt));
        if (settled.kind === 'send-again') countSettled(settledBy);
        return settled;
      } catch (error) {
        if (error instanceof TemporalFailure) countSettled(settledBy);
        throw error;
      }
    },
    async conclude({ messageId, timestamp }) {
      const current = doubt;
      const result: SmsResult = { success: true, messageId, timestamp };
      if (current === undefined) return result;
      doubt = undefined;
      status.settle();
      return await withSecondLook(result, current);
    },
    whatItMeans(error) {
      if (doubt === undefined) return error;
      if (isCancellation(error)) return doubt.failure;
      return failureInDoubt(error, deadline.attempts);
    },
  };
}
