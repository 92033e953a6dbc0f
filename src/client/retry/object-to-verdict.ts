import type { ReconcileSendResult } from '../../workflows/reconcile-send.js';
import { FAILED_AT_GATEWAY, type RunInDoubt } from './plan-retry.js';
import type { RetryOutcome } from './retry-outcome.js';

/** Why the message must not be sent again, as the gateway's log tells; undefined if it was not sent. */
export function objectToVerdict(
  verdict: ReconcileSendResult,
  { owner, wasReset, isRefused }: Pick<RunInDoubt, 'owner' | 'wasReset' | 'isRefused'>,
): RetryOutcome | undefined {
  switch (verdict.verdict) {
    case 'found': {
      const { messageId, timestamp, failure } = verdict;
      if (failure !== undefined) return unsettled(FAILED_AT_GATEWAY);
      return { kind: 'was-sent', workflowId: owner.workflowId, messageId, timestamp };
    }
    case 'ambiguous':
      // A list that is cut short, or of another key, says nothing against the provider's refusal.
      if (isRefused && verdict.showsMessage !== true) return undefined;
      return unsettled(`The provider’s sent messages do not show whether it was sent: ${verdict.reason}.`);
    case 'unreadable':
      return unsettled(`The provider’s sent messages do not show whether it was sent: ${verdict.reason}.`);
    case 'clean':
      return wasReset
        ? unsettled(
            'The provider’s sent messages do not show it. The run was reset, so its message may have left the list.',
          )
        : undefined;
    // A worker of another build may say what this one does not know.
    default:
      return unsettled('The worker that checked the provider’s sent messages gave an unknown answer.');
  }
}

/** Nobody knows whether it was sent; `reason` in a sentence for people. */
export function unsettled(reason: string): RetryOutcome {
  return { kind: 'refused', why: 'unsettled', reason };
}
