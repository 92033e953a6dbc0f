import {
  CancellationScope,
  proxyActivities,
  proxyLocalActivities,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, ReserveMomentInput } from '../activities/types.js';
import { NON_RETRYABLE } from '../domain/errors.js';
import { laneOf } from '../domain/lane.js';
import type { MomentAnswer, PhoneTrouble } from '../domain/moment.js';
import {
  ASKS_FOR_MOMENT,
  LAST_KEY_LOOKUPS_EVERY_MS,
  LOOK_BEFORE_MOMENT_MS,
  MAX_WAIT_BEFORE_RESEND_MS,
  MIN_WAIT_FOR_MOMENT_MS,
} from '../domain/replayed-constants.js';
import { countSegments } from '../domain/segments.js';
import type { SmsJob } from '../domain/sms-job.js';
import { formatTimestamp } from '../domain/timestamp.js';
import { recordOrThrow, type Deadline } from './deadline.js';
import type { OptOutAlarm } from './opt-out-alarm.js';
import type { RunStatus } from './run-status.js';

const { releaseMoment, openPhone } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '2 seconds',
  scheduleToCloseTimeout: '5 seconds',
  retry: { maximumAttempts: 3, initialInterval: '200 milliseconds' },
});

/** A moment at which a marketing request may be made: now. */
export interface Grant {
  readonly ticket: string;
  /** This request tries whether the sending phone works again. */
  readonly isProbe: boolean;
}

/** What a run asks moments with. */
interface MomentContext {
  readonly job: SmsJob;
  readonly deadline: Deadline;
  readonly status: RunStatus;
  readonly alarm: OptOutAlarm;
}

/** The moments of one run's marketing requests. */
export interface Moments {
  /**
   * Waits until the next request may be made. A request that looks at the sent messages first
   * (`looksFirst`) gets undefined shortly before a moment that it had to wait for; asked again, it
   * gets the moment.
   *
   * @throws ApplicationFailure RECIPIENT_OPTED_OUT, API_KEY_REQUIRED, VALIDATION_FAILED or
   *   MESSAGE_EXPIRED; CancelledFailure
   */
  next(options: { readonly looksFirst: boolean }): Promise<Grant | undefined>;
  /** The moment was used, or has passed: the next question is for another. */
  spend(end: { readonly isUsed: boolean }): void;
  /** Gives back a moment that was not used. */
  release(): Promise<void>;
  /** Remembers why a request was not sent, for the next question. */
  reportTrouble(trouble: PhoneTrouble): void;
  /** The probe has shown that the sending phone works again. */
  reportOpen(): Promise<void>;
}

/** The moments of a run that has asked for none. */
export function createMoments(context: MomentContext): Moments {
  const { job, deadline } = context;
  const { accountId, recipientPhone, message, metadata, options } = job;
  const lane = laneOf(options);
  const { segments } = countSegments(message);
  const { workflowId, runId } = workflowInfo();
  let count = 1;
  let current: string | undefined;
  let missed: string | undefined;
  let trouble: PhoneTrouble | undefined;

  const question = (ticket: string): ReserveMomentInput => ({
    ticket,
    accountId,
    recipientPhone,
    lane,
    segments,
    deadlineMs: deadline.atMs,
    ...(missed === undefined ? {} : { supersedes: missed }),
    ...(metadata?.huntId === undefined ? {} : { huntId: metadata.huntId }),
    ...(options?.timeZone === undefined ? {} : { timeZone: options.timeZone }),
    ...(trouble === undefined ? {} : { phoneTrouble: trouble }),
  });

  return {
    async next({ looksFirst }) {
      // A reset run must not give back what the run before has used.
      const ticket = `${workflowId}/${runId.slice(-12)}/${count}`;
      current = ticket;
      for (let round = 0; ; round++) {
        const answer = await ask(context, question(ticket));
        trouble = undefined;
        missed = undefined;
        const isEarly = looksFirst && answer.kind === 'granted' && answer.waitMs > MAX_WAIT_BEFORE_RESEND_MS;
        const waitMs =
          answer.kind === 'granted'
            ? answer.waitMs - (isEarly ? LOOK_BEFORE_MOMENT_MS : 0)
            : Math.max(answer.waitMs, minWaitBeforeAsking(round));
        const isOver = await waitUntil(Date.now() + waitMs, answer.reason, context);
        if (answer.kind === 'ask-again' || !isOver) continue;
        return isEarly ? undefined : { ticket, isProbe: answer.isProbe === true };
      }
    },
    spend({ isUsed }) {
      if (!isUsed) missed = current;
      current = undefined;
      count++;
    },
    async release() {
      const ticket = current;
      current = undefined;
      if (ticket !== undefined) await tryTo(() => releaseMoment({ ticket }));
    },
    reportTrouble(seen) {
      trouble = seen;
    },
    reportOpen: () => tryTo(() => openPhone({ accountId, lane })),
  };
}

/**
 * The least wait before the same question is asked again, in milliseconds; `round` counts from 0. A
 * run that asks for days must not outgrow its history.
 */
function minWaitBeforeAsking(round: number): number {
  if (round > ASKS_FOR_MOMENT.patientAfterAsks) return ASKS_FOR_MOMENT.patientMs;
  return Math.min(ASKS_FOR_MOMENT.maxMs, ASKS_FOR_MOMENT.firstMs * 1.5 ** Math.min(round, 20));
}

/** What this activity changes lapses by itself: the run goes on without it. */
function tryTo(work: () => Promise<void>): Promise<void> {
  return CancellationScope.nonCancellable(async () => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof TemporalFailure)) throw error;
    }
  });
}

/** Asks PostgreSQL, until it answers or the deadline passes. */
async function ask(
  { deadline, status, alarm }: Pick<MomentContext, 'deadline' | 'status' | 'alarm'>,
  input: ReserveMomentInput,
): Promise<MomentAnswer> {
  for (let round = 0; ; round++) {
    deadline.check();
    status.setDetails('Asking when the message may be sent.');
    const { reserveMoment } = proxyActivities<Activities>({
      summary: 'When the message may be sent',
      startToCloseTimeout: '10 seconds',
      scheduleToCloseTimeout: deadline.remainingMs(),
      retry: {
        initialInterval: '1 second',
        maximumInterval: '30 seconds',
        nonRetryableErrorTypes: [...NON_RETRYABLE],
      },
    });
    try {
      const answer: unknown = await reserveMoment(input);
      if (isAnswer(answer)) return answer;
    } catch (error) {
      recordOrThrow(deadline, error);
    }
    // Temporal gives up when its next back-off would pass the deadline.
    await alarm.wait(Math.min(LAST_KEY_LOOKUPS_EVERY_MS, Math.max(1, deadline.remainingMs())));
  }
}

/**
 * Waits until a time, epoch milliseconds, but not past the deadline; the Web UI shows why. False
 * if the recipient may have opted out meanwhile.
 */
export async function waitUntil(
  atMs: number,
  reason: string | undefined,
  { deadline, status, alarm }: Pick<MomentContext, 'deadline' | 'status' | 'alarm'>,
): Promise<boolean> {
  const waitMs = Math.min(atMs - Date.now(), deadline.remainingMs());
  if (waitMs <= 0) return true;
  const details = `Waiting until ${formatTimestamp(atMs)}${reason === undefined ? '' : `: ${reason}`}.`;
  // Nobody looks for a send that waits so briefly.
  if (waitMs < MIN_WAIT_FOR_MOMENT_MS) status.setDetails(details);
  else status.wait(details);
  return !(await alarm.wait(waitMs));
}

/** An operator can complete an activity by hand, with any result or none. */
function isAnswer(answer: unknown): answer is MomentAnswer {
  if (typeof answer !== 'object' || answer === null) return false;
  const { kind, waitMs } = answer as Partial<Record<string, unknown>>;
  return (kind === 'granted' || kind === 'ask-again') && typeof waitMs === 'number' && waitMs >= 0;
}
