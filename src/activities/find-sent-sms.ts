import { cancellationSignal } from '@temporalio/activity';
import { CLOCK_DIFFERENCE_MS } from '../domain/reconciliation/match-candidates.js';
import {
  firstSearchStep,
  nextSearchStep,
  type SearchCommand,
  type SearchEvent,
} from '../domain/reconciliation/search.js';
import type { SentSmsVerdict } from '../domain/reconciliation/verdict.js';
import type { RunOwner } from '../domain/run-owner.js';
import { currentRun } from './current-run.js';
import type { ActivityPorts } from './ports.js';
import { readRelevantLog } from './list-sent-messages.js';
import type { Activities, FindSentSmsInput } from './types.js';

type FindSentSmsPorts = Pick<
  ActivityPorts,
  'cipher' | 'sentMessages' | 'runs' | 'wait' | 'now' | 'listingLagMs'
>;

/** Makes {@link Activities.findSentSms}. */
export function createFindSentSms(ports: FindSentSmsPorts): Activities['findSentSms'] {
  return (input) => findSentSms(ports, input);
}

async function findSentSms(ports: FindSentSmsPorts, input: FindSentSmsInput): Promise<SentSmsVerdict> {
  // In this order: a request that went out after the sent messages were read has no row among them.
  const log = await readRelevantLog(ports, input);
  if (log.kind === 'unreadable') return { verdict: 'unreadable', reason: log.reason };
  const { workflowId, runId } = currentRun();
  const self: RunOwner = input.owner ?? { workflowId, originalRunId: input.originalRunId };
  const { listingLagMs } = ports;
  const { knownRows = [] } = input;
  // What the owner's own history names counts, and a run that is not this one, or was before it,
  // may have been accepted.
  const mayBeAccepted = input.owner !== undefined || runId !== input.originalRunId;
  try {
    let step = firstSearchStep({
      ...log,
      sought: input,
      self,
      mayBeAccepted,
      knownRows,
      listingLagMs,
      nowMs: ports.now(),
    });
    while (step.command.kind !== 'answer') {
      step = nextSearchStep(step.state, await carryOut(ports, { input, self }, step.command));
    }
    return step.command.verdict;
  } catch {
    // The error may quote the query.
    return {
      verdict: 'unreadable',
      reason: 'Temporal did not report which runs own the messages to this number',
    };
  }
}

async function carryOut(
  { runs, wait }: FindSentSmsPorts,
  { input, self }: { readonly input: FindSentSmsInput; readonly self: RunOwner },
  command: Exclude<SearchCommand, { kind: 'answer' }>,
): Promise<SearchEvent> {
  const { accountId, recipientPhone, fromMs } = input;
  switch (command.kind) {
    case 'list-runs': {
      const sinceMs = fromMs - CLOCK_DIFFERENCE_MS;
      const listed = await runs.listOwningRuns({ accountId, recipientPhone, sinceMs, self });
      return { kind: 'runs-listed', runs: listed };
    }
    case 'find-claim': {
      const { messageId } = command;
      return { kind: 'claim-found', messageId, owner: await runs.findClaim({ accountId, messageId }) };
    }
    case 'claim': {
      const { messageId } = command;
      return { kind: 'claim-made', messageId, owner: await runs.claim({ accountId, messageId }, self) };
    }
    case 'wait':
      await wait(command.ms, cancellationSignal());
      return { kind: 'waited', ms: command.ms };
  }
}
