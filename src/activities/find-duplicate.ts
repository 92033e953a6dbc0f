import { isSameOwner } from '../domain/run-owner.js';
import type { RunOwner } from '../domain/run-owner.js';
import { isSameText } from '../domain/same-text.js';
import { CLOCK_DIFFERENCE_MS } from '../domain/reconciliation/match-candidates.js';
import { currentRun } from './current-run.js';
import type { ActivityPorts } from './ports.js';
import { readRelevantLog } from './list-sent-messages.js';
import type { Activities, FindDuplicateInput, PossibleDuplicate } from './types.js';

type FindDuplicatePorts = Pick<ActivityPorts, 'cipher' | 'sentMessages' | 'runs'>;

/** Makes {@link Activities.findDuplicate}. */
export function createFindDuplicate(ports: FindDuplicatePorts): Activities['findDuplicate'] {
  return (input) => findDuplicate(ports, input);
}

async function findDuplicate(
  ports: FindDuplicatePorts,
  input: FindDuplicateInput,
): Promise<PossibleDuplicate> {
  const log = await readRelevantLog(ports, input);
  if (log.kind === 'unreadable') return { unclear: log.reason };
  const unexplained = log.candidates.matches.filter(
    ({ messageIds, failure }) => !messageIds.includes(input.messageId) && failure === undefined,
  );
  if (unexplained.length === 0) return {};
  const self: RunOwner = input.owner ?? {
    workflowId: currentRun().workflowId,
    originalRunId: input.originalRunId,
  };
  try {
    const { accountId, recipientPhone, fromMs } = input;
    const runs = await ports.runs.listOwningRuns({
      accountId,
      recipientPhone,
      sinceMs: fromMs - CLOCK_DIFFERENCE_MS,
      self,
    });
    const others = runs.filter(({ owner }) => !isSameOwner(owner, self));
    const waits = others.some(
      ({ requestOut, text }) => requestOut && (text === undefined || isSameText(text, input.message)),
    );
    if (waits) return { unclear: 'another run with the same number and text is waiting for its reply' };
    const foreign = new Set(others.flatMap(({ messageIds }) => messageIds));
    for (const { messageIds } of unexplained) {
      const [messageId] = messageIds;
      if (messageId === undefined || messageIds.some((id) => foreign.has(id))) continue;
      const owner = await ports.runs.findClaim({ accountId, messageId });
      if (owner === undefined || isSameOwner(owner, self)) return { possibleDuplicateOf: messageId };
    }
    return {};
  } catch {
    return { unclear: 'Temporal did not report which runs own the messages to this number' };
  }
}
