import { omitUndefined } from '../domain/omit-undefined.js';
import { activityFailure, asActivityFailure } from './activity-failure.js';
import { currentRun } from './current-run.js';
import type { ActivityPorts } from './ports.js';
import type { Activities, UnprovenOrigin } from './types.js';

const REASONS: Readonly<Record<UnprovenOrigin, string>> = {
  plain:
    'The job is not encrypted, which SMS_REQUIRE_ENCRYPTED of this worker forbids: start sends through the client.',
  unbound:
    'The encrypted job is not bound to a workflow id, which SMS_REQUIRE_ENCRYPTED of this worker forbids: start sends through the client.',
};

/** Makes {@link Activities.loadEncryptedApiKey}. */
export function createLoadEncryptedApiKey({
  accounts,
  unencryptedJobs,
}: Pick<ActivityPorts, 'accounts' | 'unencryptedJobs'>): Activities['loadEncryptedApiKey'] {
  return ({ accountId, jobOrigin, recipientPhone: phone, lane = '' }) =>
    asActivityFailure(async () => {
      if (jobOrigin !== undefined && unencryptedJobs === 'refused') {
        throw activityFailure('VALIDATION_FAILED', { message: REASONS[jobOrigin] });
      }
      const { workflowId } = currentRun();
      const found = await accounts.findEncryptedApiKey(
        accountId,
        phone === undefined ? undefined : { phone, workflowId, lane },
      );
      if (found === undefined || found.encryptedApiKey === '') throw activityFailure('API_KEY_REQUIRED');
      const { encryptedApiKey, isOptedOut, closedUntilMs } = found;
      // An opt-out does not fail this: what was maybe sent is still reconciled with the key.
      return {
        encryptedApiKey,
        ...(isOptedOut === undefined ? {} : { optedOut: isOptedOut }),
        ...omitUndefined({ closedUntilMs }),
      };
    });
}
