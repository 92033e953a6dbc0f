import { activityFailure, namingFailures } from './activity-failure.js';
import type { ActivityPorts } from './ports.js';
import type { Activities, UnprovenOrigin } from './types.js';

const REASONS: Readonly<Record<UnprovenOrigin, string>> = {
  plain: 'The job is not encrypted, and SMS_REQUIRE_ENCRYPTED is on here: start sends through the client.',
  unbound:
    'The job is encrypted for no workflow id, and SMS_REQUIRE_ENCRYPTED is on here: start sends through the client.',
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
