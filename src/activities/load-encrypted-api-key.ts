import { activityFailure, namingFailures } from './activity-failure.js';
import type { ActivityPorts } from './ports.js';
import type { Activities } from './types.js';

/** Makes {@link Activities.loadEncryptedApiKey}. */
export function createLoadEncryptedApiKey({
  accounts,
  plainJobs,
}: Pick<ActivityPorts, 'accounts' | 'plainJobs'>): Activities['loadEncryptedApiKey'] {
  return ({ accountId, jobCamePlain }) =>
    namingFailures(async () => {
      if (jobCamePlain === true && plainJobs === 'refused') {
        throw activityFailure('VALIDATION_FAILED', {
          message:
            'The job is not encrypted, and SMS_REQUIRE_ENCRYPTED is on here: start sends through the client.',
        });
      }
      const encryptedApiKey = await accounts.findEncryptedApiKey(accountId);
      if (encryptedApiKey === undefined || encryptedApiKey === '') throw activityFailure('API_KEY_REQUIRED');
      return { encryptedApiKey };
    });
}
