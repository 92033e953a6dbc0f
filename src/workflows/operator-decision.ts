import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineUpdate,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type { Activities, ClaimMessageInput } from '../activities/types.js';
import { SmsError } from '../domain/errors.js';
import { parseSendDecision, RESOLVE_SEND, type SendDecision } from '../domain/send-decision.js';
import { holdsNumber } from '../domain/sms-job.js';
import { fromSmsError } from './failures.js';

const { claimMessage } = proxyActivities<Activities>({
  summary: 'A check that the message named by an operator belongs to this run',
  startToCloseTimeout: '10 seconds',
  // Shorter than a client waits for the decision to be taken.
  scheduleToCloseTimeout: '45 seconds',
});

/** What an operator decides about a run that is held. */
export interface OperatorDecision {
  /** The decision, once there is one. */
  readonly current: () => SendDecision | undefined;
  /** From now on a decision about this run is taken; one that was taken before is forgotten. */
  open(run: DecidedRun): void;
  /** Waits for a decision that is being taken. */
  reconciled(): Promise<void>;
  /** From now on none is taken; waits for one that is being taken. */
  close(): Promise<void>;
}

/** The run that is decided about. */
export type DecidedRun = Omit<ClaimMessageInput, 'messageId'>;

const resolveSendUpdate = defineUpdate<undefined, [unknown]>(RESOLVE_SEND);

/**
 * Handles the update `resolveSend` of this run. It fails with ApplicationFailure NOT_HELD while the
 * run is not held, and with VALIDATION_FAILED for a value that is not a decision or names a message
 * of another run. Make it before the run waits for anything, because an update would find no
 * handler until then.
 */
export function createOperatorDecision(): OperatorDecision {
  /** Undefined while none is taken. */
  let run: DecidedRun | undefined;
  let isDeciding = false;
  let decision: SendDecision | undefined;

  const validator = (input: unknown): void => {
    const wanted = readDecision(input);
    if (run === undefined || isDeciding || decision !== undefined) throw notHeld();
    if ('sent' in wanted && holdsNumber(wanted.messageId, run.recipientPhone)) {
      throw refusal('The message id must not contain the phone number.');
    }
  };
  const handler = async (input: unknown): Promise<undefined> => {
    const wanted = readDecision(input);
    const decidedRun = run;
    if (decidedRun === undefined) throw notHeld();
    if ('sent' in wanted) {
      isDeciding = true;
      try {
        await CancellationScope.nonCancellable(() => assertOwn(decidedRun, wanted.messageId));
      } finally {
        isDeciding = false;
      }
    }
    // The hold stays open until here.
    decision = wanted;
    return undefined;
  };
  setHandler(resolveSendUpdate, handler, { validator });

  const reconciled = () =>
    CancellationScope.nonCancellable(async () => {
      while (isDeciding) await condition(() => !isDeciding);
    });
  return {
    current: () => decision,
    open(heldRun) {
      decision = undefined;
      run = heldRun;
    },
    reconciled,
    async close() {
      await reconciled();
      run = undefined;
    },
  };
}

async function assertOwn(run: DecidedRun, messageId: string): Promise<void> {
  const claim: unknown = await claimMessage({ ...run, messageId });
  // An operator can complete an activity by hand, with any result or none.
  const isOwn = typeof claim === 'object' && claim !== null && 'isOwn' in claim && claim.isOwn === true;
  if (!isOwn) throw refusal('The message belongs to another send.');
}

function readDecision(input: unknown): SendDecision {
  try {
    return parseSendDecision(input);
  } catch (error) {
    throw error instanceof SmsError ? fromSmsError(error) : error;
  }
}

function notHeld(): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    'NOT_HELD: the send is not held, so there is nothing to decide.',
    'NOT_HELD',
  );
}

function refusal(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'VALIDATION_FAILED');
}
