import type { ReconcileSendResult } from '../../workflows/reconcile-send.js';
import { FAILED_AT_PROVIDER, type UnreconciledRun } from './plan-retry.js';
import type { RetryOutcome } from './retry-outcome.js';

/**
 * Why the message must not be sent again, according to the provider's list of sent messages;
 * undefined if it was not sent.
 */
export function refusalOfVerdict(
  verdict: ReconcileSendResult,
  {
    owner,
    wasReset,
    isRefused,
    failedForGood,
  }: Pick<UnreconciledRun, 'owner' | 'wasReset' | 'isRefused' | 'failedForGood'>,
): RetryOutcome | undefined {
  switch (verdict.verdict) {
    case 'found': {
      const { messageId, timestamp, failure } = verdict;
      if (failure !== undefined)
        return messageId === failedForGood?.messageId && !failedForGood.mayBeElsewhere
          ? undefined
          : unresolved(FAILED_AT_PROVIDER);
      return { kind: 'was-sent', workflowId: owner.workflowId, messageId, timestamp };
    }
    case 'ambiguous':
      // A list that is cut short, or of another key, says nothing against the provider's refusal.
      if (isRefused && verdict.showsMessage !== true) return undefined;
      return unresolved(`The provider’s sent messages do not show whether it was sent: ${verdict.reason}.`);
    case 'unreadable':
      return unresolved(`The provider’s sent messages do not show whether it was sent: ${verdict.reason}.`);
    case 'clean':
      if (failedForGood !== undefined) {
        return unresolved(
          'The provider’s sent messages do not show the failed message any more, so its phone may have sent it since.',
        );
      }
      return wasReset
        ? unresolved(
            'The provider’s sent messages do not show it. The run was reset, so its message may have left the list.',
          )
        : undefined;
    // A worker of another build may say what this one does not know.
    default:
      return unresolved('The worker that checked the provider’s sent messages gave an unknown answer.');
  }
}

/** It is unknown whether it was sent; `reason` is a sentence for people. */
export function unresolved(reason: string): RetryOutcome {
  return { kind: 'refused', why: 'unresolved', reason };
}
