import { activityFailure, namingFailures } from './activity-failure.js';
import type { ActivityPorts } from './ports.js';
import type { Activities } from './types.js';

/** Makes {@link Activities.loadEncryptedApiKey}. */
export function createLoadEncryptedApiKey({
  accounts,
}: Pick<ActivityPorts, 'accounts'>): Activities['loadEncryptedApiKey'] {
  return ({ accountId }) =>
    namingFailures(async () => {
      const encryptedApiKey = await accounts.findEncryptedApiKey(accountId);
      if (encryptedApiKey === undefined || encryptedApiKey === '') throw activityFailure('API_KEY_REQUIRED');
      return { encryptedApiKey };
    });
}
