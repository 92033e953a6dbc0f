import { activityFailure, namingFailures } from './activity-failure.js';
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
  plainJobs,
}: Pick<ActivityPorts, 'accounts' | 'plainJobs'>): Activities['loadEncryptedApiKey'] {
  return ({ accountId, jobOrigin }) =>
    namingFailures(async () => {
      if (jobOrigin !== undefined && plainJobs === 'refused') {
        throw activityFailure('VALIDATION_FAILED', { message: REASONS[jobOrigin] });
      }
      const encryptedApiKey = await accounts.findEncryptedApiKey(accountId);
      if (encryptedApiKey === undefined || encryptedApiKey === '') throw activityFailure('API_KEY_REQUIRED');
      return { encryptedApiKey };
    });
}
