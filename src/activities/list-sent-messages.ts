import { cancellationSignal } from '@temporalio/activity';
import {
  CLOCK_DIFFERENCE_MS,
  matchCandidates,
  type Candidates,
} from '../domain/reconciliation/match-candidates.js';
import type { SentMessages } from '../domain/sent-messages.js';
import { currentRun } from './current-run.js';
import type { ActivityPorts } from './ports.js';
import type { FindSentSmsInput } from './types.js';

/**
 * The rows of the account's list of sent messages that matter for one message, or why there are
 * none.
 */
export type RelevantLog =
  | ({ readonly kind: 'read'; readonly candidates: Candidates; readonly isOtherKey: boolean } & Pick<
      Extract<SentMessages, { kind: 'read' }>,
      'incomplete' | 'reachesBack'
    >)
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Opens the API key and reads the list of sent messages with it. */
export async function readRelevantLog(
  { cipher, sentMessages }: Pick<ActivityPorts, 'cipher' | 'sentMessages'>,
  input: FindSentSmsInput,
): Promise<RelevantLog> {
  const { sealedApiKey, originalRunId, fromMs } = input;
  if (cipher === undefined) return { kind: 'unreadable', reason: 'this worker has no encryption key' };
  const { workflowId } = currentRun();
  let apiKey: string;
  try {
    apiKey = cipher.unseal(sealedApiKey, { workflowId, originalRunId });
  } catch {
    return { kind: 'unreadable', reason: 'this worker has a different encryption key' };
  }
  const log = await sentMessages.read({
    apiKey,
    sinceMs: fromMs - CLOCK_DIFFERENCE_MS,
    signal: cancellationSignal(),
  });
  if (log.kind === 'unreadable') return log;
  const { incomplete, reachesBack } = log;
  const isOtherKey = !isRequestKey(cipher, input, apiKey);
  return { kind: 'read', candidates: matchCandidates(log.rows, input), incomplete, reachesBack, isOtherKey };
}

/**
 * Whether the request was made with this API key: another key may be another provider account's,
 * and have another list of sent messages.
 */
function isRequestKey(
  cipher: NonNullable<ActivityPorts['cipher']>,
  { requestedWith, originalRunId, owner }: FindSentSmsInput,
  apiKey: string,
): boolean {
  if (requestedWith === undefined) return true;
  try {
    return (
      cipher.unseal(requestedWith, owner ?? { workflowId: currentRun().workflowId, originalRunId }) === apiKey
    );
  } catch {
    return false;
  }
}
