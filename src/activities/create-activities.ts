import { createClaimMessage } from './claim-message.js';
import { createComputeRecipientKey } from './compute-recipient-key.js';
import { createDecryptApiKey } from './decrypt-api-key.js';
import { createFindDuplicate } from './find-duplicate.js';
import { createFindRunOrigin } from './find-run-origin.js';
import { createFindSentSms } from './find-sent-sms.js';
import { createFollowSms } from './follow-sms.js';
import { createLoadEncryptedApiKey } from './load-encrypted-api-key.js';
import type { ActivityPorts } from './ports.js';
import { createReadInbox } from './read-inbox.js';
import { createMomentActivities } from './reserve-moment.js';
import { createSendSms } from './send-sms.js';
import type { Activities } from './types.js';

/**
 * The activities of a worker, over the ports it is given.
 *
 * @param isStopping whether the worker was asked to stop
 */
export function createActivities(ports: ActivityPorts, isStopping = () => false): Activities {
  return {
    loadEncryptedApiKey: createLoadEncryptedApiKey(ports),
    decryptApiKey: createDecryptApiKey(ports),
    sendSms: createSendSms(ports),
    findSentSms: createFindSentSms(ports),
    findDuplicate: createFindDuplicate(ports),
    followSms: createFollowSms(ports),
    claimMessage: createClaimMessage(ports),
    findRunOrigin: createFindRunOrigin(),
    computeRecipientKey: createComputeRecipientKey(ports),
    ...createMomentActivities(ports),
    readInbox: createReadInbox(ports, isStopping),
  };
}
