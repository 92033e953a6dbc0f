import { activityFailure, asActivityFailure } from './activity-failure.js';
import { currentRun } from './current-run.js';
import type { ActivityPorts } from './ports.js';
import type { Activities } from './types.js';

/** Makes {@link Activities.decryptApiKey}. */
export function createDecryptApiKey({ cipher }: Pick<ActivityPorts, 'cipher'>): Activities['decryptApiKey'] {
  return ({ encryptedApiKey, originalRunId }) =>
    asActivityFailure(() => {
      if (cipher === undefined) throw activityFailure('ENCRYPTION_KEY_MISSING');
      const { workflowId } = currentRun();
      return Promise.resolve({ sealedApiKey: cipher.reseal(encryptedApiKey, { workflowId, originalRunId }) });
    });
}
