import {
  ApplicationFailure,
  condition,
  defineUpdate,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type { Activities, ClaimMessageInput } from '../activities/types.js';
import { SmsError } from '../domain/errors.js';
import { parseSendDecision, RESOLVE_SEND, type SendDecision } from '../domain/send-decision.js';
import { fromSmsError } from './failures.js';

const { claimMessage } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '5 minutes',
});

/** Where an operator decides about a run that is held. */
export interface DecisionDesk {
  /** The decision, once there is one. */
  readonly decision: () => SendDecision | undefined;
  /** From now on a decision is taken. */
  open(): void;
  /** From now on none is taken; waits for one that is being taken. */
  close(): Promise<void>;
}

const resolveSendUpdate = defineUpdate<undefined, [unknown]>(RESOLVE_SEND);

/**
 * Opens the update `resolveSend` of this run. It fails with ApplicationFailure NOT_HELD while the run is not held, and
 * with VALIDATION_FAILED for what is no decision or names a message of another run.
 */
export function createDecisionDesk(run: Omit<ClaimMessageInput, 'messageId'>): DecisionDesk {
  let isOpen = false;
  let isDeciding = false;
  let decision: SendDecision | undefined;

  const validator = (input: unknown): void => {
    readDecision(input);
    if (!isOpen || isDeciding || decision !== undefined) throw notHeld();
  };
  const handler = async (input: unknown): Promise<undefined> => {
    const wanted = readDecision(input);
    isDeciding = true;
    try {
      if ('sent' in wanted) await assertOwn(run, wanted.messageId);
    } finally {
      isDeciding = false;
    }
    // The log may have answered in the meantime.
    if (!isOpen) throw notHeld();
    decision = wanted;
    return undefined;
  };
  setHandler(resolveSendUpdate, handler, { validator });

  return {
    decision: () => decision,
    open() {
      decision = undefined;
      isOpen = true;
    },
    async close() {
      isOpen = false;
      if (isDeciding) await condition(() => !isDeciding);
    },
  };
}

async function assertOwn(run: Omit<ClaimMessageInput, 'messageId'>, messageId: string): Promise<void> {
  const { isOwn } = await claimMessage({ ...run, messageId });
  if (isOwn) return;
  throw ApplicationFailure.nonRetryable('The message belongs to another send.', 'VALIDATION_FAILED');
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
