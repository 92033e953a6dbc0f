import type { ActivityPorts } from './ports.js';
import type { Activities } from './types.js';

/** Makes {@link Activities.computeRecipientKey}. */
export function createComputeRecipientKey({
  recipientKey,
}: Pick<ActivityPorts, 'recipientKey'>): Activities['computeRecipientKey'] {
  return ({ recipientPhone }) => Promise.resolve({ recipientKey: recipientKey(recipientPhone) });
}
