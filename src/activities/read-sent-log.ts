import { cancellationSignal } from '@temporalio/activity';
import {
  CLOCK_DIFFERENCE_MS,
  matchCandidates,
  type Candidates,
} from '../domain/reconciliation/match-candidates.js';
import type { SentLog } from '../domain/sent-log.js';
import { currentRun } from './current-run.js';
import type { ActivityPorts } from './ports.js';
import type { FindSentSmsInput } from './types.js';

/** The rows of the account's sent log that matter for one message, or why there are none. */
export type RelevantLog =
  | ({ readonly kind: 'read'; readonly candidates: Candidates; readonly isOtherKey: boolean } & Pick<
      Extract<SentLog, { kind: 'read' }>,
      'incomplete' | 'reachesBack'
    >)
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Opens the API key and reads the sent log with it. */
export async function readRelevantLog(
  { vault, sentLog }: Pick<ActivityPorts, 'vault' | 'sentLog'>,
  input: FindSentSmsInput,
): Promise<RelevantLog> {
  const { sealedApiKey, originalRunId, fromMs } = input;
  if (vault === undefined) return { kind: 'unreadable', reason: 'this worker has no encryption key' };
  const { workflowId } = currentRun();
  let apiKey: string;
  try {
    apiKey = vault.unseal(sealedApiKey, { workflowId, originalRunId });
  } catch {
    return { kind: 'unreadable', reason: 'this worker has a different encryption key' };
  }
  const log = await sentLog.read({
    apiKey,
    sinceMs: fromMs - CLOCK_DIFFERENCE_MS,
    signal: cancellationSignal(),
  });
  if (log.kind === 'unreadable') return log;
  const { incomplete, reachesBack } = log;
  const isOtherKey = !isRequestKey(vault, input, apiKey);
  return { kind: 'read', candidates: matchCandidates(log.rows, input), incomplete, reachesBack, isOtherKey };
}

/** Whether the request was made with this API key: another key may be another gateway account's, and have another log. */
function isRequestKey(
  vault: NonNullable<ActivityPorts['vault']>,
  { requestedWith, originalRunId, owner }: FindSentSmsInput,
  apiKey: string,
): boolean {
  if (requestedWith === undefined) return true;
  try {
    return (
      vault.unseal(requestedWith, owner ?? { workflowId: currentRun().workflowId, originalRunId }) === apiKey
    );
  } catch {
    return false;
  }
}
