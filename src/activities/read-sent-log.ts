import { cancellationSignal } from '@temporalio/activity';
import { CLOCK_DIFFERENCE_MS, siftSentLog, type SiftedLog } from '../domain/sift-sent-log.js';
import { currentRun } from './current-run.js';
import type { ActivityPorts } from './ports.js';
import type { FindSentSmsInput } from './types.js';

/** The rows of the account's sent log that matter for one message, or why there are none. */
export type RelevantLog =
  | { readonly kind: 'read'; readonly sifted: SiftedLog; readonly incomplete: string | undefined }
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
    return { kind: 'unreadable', reason: 'this worker has another encryption key' };
  }
  const log = await sentLog.read({
    apiKey,
    sinceMs: fromMs - CLOCK_DIFFERENCE_MS,
    signal: cancellationSignal(),
  });
  if (log.kind === 'unreadable') return log;
  return { kind: 'read', sifted: siftSentLog(log.rows, input), incomplete: log.incomplete };
}
