import { isSameOwner } from '../domain/run-owner.js';
import type { OwningRun, RunOwner } from '../domain/run-owner.js';
import { currentRun } from './current-run.js';
import type { ActivityPorts } from './ports.js';
import type { Activities, ClaimMessageInput } from './types.js';

type ClaimMessagePorts = Pick<ActivityPorts, 'runs'>;

/** Makes {@link Activities.claimMessage}. */
export function createClaimMessage({ runs }: ClaimMessagePorts): Activities['claimMessage'] {
  return async (input) => {
    const { accountId, messageId, originalRunId } = input;
    const self = { workflowId: currentRun().workflowId, originalRunId };
    const others = await listIfPossible(runs, input, self);
    const isOwned = others.some(
      ({ owner, messageIds }) => messageIds.includes(messageId) && !isSameOwner(owner, self),
    );
    if (isOwned) return { isOwn: false };
    return { isOwn: isSameOwner(await runs.claim({ accountId, messageId }, self), self) };
  };
}

/** A person has looked: where the other runs cannot be listed, the claim alone decides. */
async function listIfPossible(
  runs: ActivityPorts['runs'],
  { accountId, recipientPhone, startedAtMs }: ClaimMessageInput,
  self: RunOwner,
): Promise<readonly OwningRun[]> {
  try {
    return await runs.listOwningRuns({ accountId, recipientPhone, sinceMs: startedAtMs, self });
  } catch {
    return [];
  }
}
