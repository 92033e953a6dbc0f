import { createComputeRecipientKey } from './compute-recipient-key.js';
import { createDecryptApiKey } from './decrypt-api-key.js';
import { createFindRunOrigin } from './find-run-origin.js';
import { createLoadEncryptedApiKey } from './load-encrypted-api-key.js';
import type { ActivityPorts } from './ports.js';
import { createSendSms } from './send-sms.js';
import type { Activities } from './types.js';

/** The activities of a worker, over the ports it is given. */
export function createActivities(ports: ActivityPorts): Activities {
  return {
    loadEncryptedApiKey: createLoadEncryptedApiKey(ports),
    decryptApiKey: createDecryptApiKey(ports),
    sendSms: createSendSms(ports),
    findRunOrigin: createFindRunOrigin(),
    computeRecipientKey: createComputeRecipientKey(ports),
  };
}
