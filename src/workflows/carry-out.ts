import { condition, isCancellation, sleep } from '@temporalio/workflow';
import type { Command } from '../domain/reconciliation/command.js';
import type { Occurrence } from '../domain/reconciliation/event.js';
import type { RequestQuery, SentSmsVerdict } from '../domain/reconciliation/verdict.js';
import type { SendDecision } from '../domain/send-decision.js';
import { describeSentMessages } from '../domain/story-sentences.js';
import { checkForDuplicate, checkSentMessages, type SentMessageQuery } from './check-sent-messages.js';
import type { RequestContext, Requests } from './make-request.js';
import type { OperatorDecision } from './operator-decision.js';
import { isOptedOut } from './opt-out-alarm.js';

/** A run that sends and reconciles, and what it works with. */
export interface SendContext extends RequestContext {
  /** When the original run was started, epoch milliseconds. */
  readonly startedAtMs: number;
  readonly operator: OperatorDecision;
}

/** A command that an event answers. */
type Open = Exclude<Command, { kind: 'complete' | 'fail' }>;

/** Carries out one command, with Temporal's timers, activities and updates. */
export async function carryOut(
  command: Open,
  context: SendContext & { readonly requests: Requests },
): Promise<Occurrence> {
  const { operator, requests, status } = context;
  switch (command.kind) {
    case 'request':
      return await requests.make(command);
    case 'wait':
      return { kind: 'waited', isCancelled: await waitUntil(command, context) };
    case 'ask': {
      const { verdict, key } = await checkSentMessages(queryFor(command.query, context), command.sightings);
      status.note(`The sent messages ${describeSentMessages(unnamed(verdict))}.`);
      await operator.reconciled();
      return { kind: 'asked', verdict, key: key?.sealedApiKey, decision: operator.current() };
    }
    case 'hold':
      return await hold(command, context);
    case 'close-hold':
      await operator.close();
      return { kind: 'hold-closed', decision: operator.current() };
    case 'look-for-duplicate': {
      const { messageId, query } = command;
      const found = await checkForDuplicate({ ...queryFor(query, context), messageId });
      return { kind: 'looked-for-duplicate', possibleDuplicateOf: found.possibleDuplicateOf };
    }
  }
}

function queryFor(
  { requestedWith, fromMs, toMs }: RequestQuery,
  { job, originalRunId }: SendContext,
): SentMessageQuery {
  const { accountId, recipientPhone, message } = job;
  const query = { accountId, recipientPhone, message, originalRunId, fromMs, toMs };
  return requestedWith === undefined ? query : { ...query, requestedWith };
}

async function hold(
  { waitMs, opens }: Extract<Command, { kind: 'hold' }>,
  { operator, job, originalRunId, startedAtMs, status }: SendContext,
): Promise<Occurrence> {
  const { accountId, recipientPhone } = job;
  if (opens) operator.open({ accountId, recipientPhone, originalRunId, startedAtMs });
  try {
    await condition(() => operator.current() !== undefined, waitMs);
    const decision = operator.current();
    if (decision !== undefined) status.note(describeDecision(decision));
    return { kind: 'hold-interrupted', isCancelled: false, decision };
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return { kind: 'hold-interrupted', isCancelled: true, decision: undefined };
  }
}

function describeDecision(decision: SendDecision): string {
  const decided = 'sent' in decision ? 'sent' : 'resend' in decision ? 'send it again' : 'leave it';
  return `A person decided: ${decided}.`;
}

/** The Web UI's details name no message. */
function unnamed(verdict: SentSmsVerdict): Parameters<typeof describeSentMessages>[0] {
  const { verdict: kind } = verdict;
  if (verdict.verdict === 'found') return { verdict: kind, failure: verdict.failure };
  return { verdict: kind, reason: verdict.verdict === 'clean' ? undefined : verdict.reason };
}

/** Waits until a time, epoch milliseconds; true if the run was cancelled before or meanwhile. */
async function waitUntil(
  { untilMs, mayEndEarly }: Extract<Command, { kind: 'wait' }>,
  context: SendContext,
): Promise<boolean> {
  const { alarm } = context;
  try {
    if (mayEndEarly !== true) {
      await sleep(Math.max(1, untilMs - Date.now()));
      return false;
    }
    // The next request refuses an opted-out recipient; for all others the wait goes on.
    while (await alarm.wait(Math.max(1, untilMs - Date.now()))) {
      if (await isOptedOut(context)) break;
    }
    return false;
  } catch (error) {
    if (isCancellation(error)) return true;
    throw error;
  }
}
