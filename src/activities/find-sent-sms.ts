import { cancellationSignal } from '@temporalio/activity';
import { isSameOwner, judgeSentLog, type LogEvidence, type LogJudgement } from '../domain/judge-sent-log.js';
import type { OwningRun, RunOwner } from '../domain/run-owner.js';
import { CLOCK_DIFFERENCE_MS } from '../domain/sift-sent-log.js';
import { currentRun } from './current-run.js';
import type { ActivityPorts } from './ports.js';
import { readRelevantLog, type RelevantLog } from './read-sent-log.js';
import type { Activities, FindSentSmsInput, SentSmsVerdict } from './types.js';

type FindSentSmsPorts = Pick<ActivityPorts, 'vault' | 'sentLog' | 'runs' | 'wait' | 'now' | 'listingLagMs'>;
type Claimable = Extract<LogJudgement, { kind: 'claimable' }>['rows'][number];

/** What is missing of the listing lag is waited for within the check if it is no more than this, in milliseconds. */
const MAX_WAIT_MS = 5_000;

/** Makes {@link Activities.findSentSms}. */
export function createFindSentSms(ports: FindSentSmsPorts): Activities['findSentSms'] {
  return (input) => findSentSms(ports, input);
}

async function findSentSms(ports: FindSentSmsPorts, input: FindSentSmsInput): Promise<SentSmsVerdict> {
  // In this order: a request that went out after the log was read has no row in it.
  const log = await readRelevantLog(ports, input);
  if (log.kind === 'unreadable') return { verdict: 'unreadable', reason: log.reason };
  const { workflowId, runId } = currentRun();
  const self: RunOwner = input.owner ?? { workflowId, originalRunId: input.originalRunId };
  // What the owner's own history names counts, and a run that is not this one, or was before it, may have been accepted.
  const mayBeAccepted = input.owner !== undefined || runId !== input.originalRunId;
  try {
    const list = () => listRuns(ports, input, { log, mayBeAccepted, self });
    return await settle(ports, input, { list, nowMs: ports.now(), sought: input, ...log, self });
  } catch {
    // Whatever it was may quote what was asked for.
    return { verdict: 'unreadable', reason: 'Temporal did not tell who owns the messages to this number' };
  }
}

/** The runs that may own rows to this number: of no interest, and not asked for, where there are none. */
async function listRuns(
  { runs }: FindSentSmsPorts,
  { accountId, recipientPhone, fromMs }: FindSentSmsInput,
  {
    log,
    mayBeAccepted,
    self,
  }: {
    log: Extract<RelevantLog, { kind: 'read' }>;
    mayBeAccepted: boolean;
    self: RunOwner;
  },
): Promise<readonly OwningRun[]> {
  const { matches, doubtful } = log.sifted;
  if (matches.length + doubtful.length === 0 && !mayBeAccepted) return [];
  return await runs.listOwningRuns({
    accountId,
    recipientPhone,
    sinceMs: fromMs - CLOCK_DIFFERENCE_MS,
    self,
  });
}

/**
 * Judges, and claims what is to be claimed; a row that another run was quicker to claim is that run's.
 *
 * A run that was accepted with the row may not be listed yet, so nothing is claimed before the runs are listed again, later.
 */
async function settle(
  ports: FindSentSmsPorts,
  { accountId, knownRows = [] }: FindSentSmsInput,
  { list, ...evidence }: Omit<LogEvidence, 'runs'> & { list: () => Promise<readonly OwningRun[]> },
): Promise<SentSmsVerdict> {
  const { self } = evidence;
  const claimedByOthers = new Set<string>();
  let runs = await list();
  let waitedMs = 0;

  for (const row of evidence.sifted.matches) {
    for (const messageId of row.messageIds) {
      const owner = await ports.runs.findClaim({ accountId, messageId });
      // An earlier try of this very check may have claimed it, and its answer got lost.
      if (owner !== undefined && isSameOwner(owner, self)) return found(messageId, row);
      if (owner !== undefined) claimedByOthers.add(messageId);
    }
  }
  for (;;) {
    const judgement = judgeSentLog({ ...evidence, runs, claimedByOthers });
    switch (judgement.kind) {
      case 'clean':
        return { verdict: 'clean' };
      case 'ambiguous': {
        const { reason, showsMessage } = judgement;
        return { verdict: 'ambiguous', reason, ...(showsMessage === undefined ? {} : { showsMessage }) };
      }
      case 'owned':
        return found(judgement.messageId, judgement.row ?? { atMs: ports.now(), failure: undefined });
      case 'claimable': {
        const [row] = judgement.rows;
        const messageId = row?.messageIds[0];
        if (row === undefined || messageId === undefined) return { verdict: 'clean' };
        const knownForMs = knownRows.find((known) => known.messageId === messageId)?.forMs ?? 0;
        const missingMs = ports.listingLagMs - knownForMs - waitedMs;
        if (missingMs > MAX_WAIT_MS) return notYetClaimed(messageId, missingMs);
        if (missingMs > 0) {
          await ports.wait(missingMs, cancellationSignal());
          waitedMs += missingMs;
          runs = await list();
          break;
        }
        const owner = await ports.runs.claim({ accountId, messageId }, self);
        if (isSameOwner(owner, self)) return found(messageId, row);
        claimedByOthers.add(messageId);
      }
    }
  }
}

function notYetClaimed(messageId: string, claimableInMs: number): SentSmsVerdict {
  return {
    verdict: 'ambiguous',
    reason:
      'a row shows this number and text, and is this run’s only if the other runs, listed again, do not own it',
    showsMessage: true,
    unclaimed: { messageId, claimableInMs },
  };
}

function found(messageId: string, { atMs, failure }: Pick<Claimable, 'atMs' | 'failure'>): SentSmsVerdict {
  return {
    verdict: 'found',
    messageId,
    timestamp: new Date(atMs).toISOString(),
    ...(failure === undefined ? {} : { failure }),
  };
}
