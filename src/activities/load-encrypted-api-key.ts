import { activityFailure, asActivityFailure } from './activity-failure.js';
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
  return ({ accountId, jobOrigin }) =>
    asActivityFailure(async () => {
      if (jobOrigin !== undefined && unencryptedJobs === 'refused') {
        throw activityFailure('VALIDATION_FAILED', { message: REASONS[jobOrigin] });
      }
      const encryptedApiKey = await accounts.findEncryptedApiKey(accountId);
      if (encryptedApiKey === undefined || encryptedApiKey === '') throw activityFailure('API_KEY_REQUIRED');
      return { encryptedApiKey };
    });
}
