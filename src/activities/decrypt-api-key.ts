import { activityFailure, namingFailures } from './activity-failure.js';
import { currentRun } from './current-run.js';
import type { ActivityPorts } from './ports.js';
import type { Activities } from './types.js';

/** Makes {@link Activities.decryptApiKey}. */
export function createDecryptApiKey({ vault }: Pick<ActivityPorts, 'vault'>): Activities['decryptApiKey'] {
  return ({ encryptedApiKey, originalRunId }) =>
    namingFailures(() => {
      if (vault === undefined) throw activityFailure('ENCRYPTION_KEY_MISSING');
      const { workflowId } = currentRun();
      return Promise.resolve({ sealedApiKey: vault.reseal(encryptedApiKey, { workflowId, originalRunId }) });
    });
}
