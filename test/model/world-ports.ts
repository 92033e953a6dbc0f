import { setTimeout as wait } from 'node:timers/promises';
import type { ActivityPorts } from '../../src/activities/ports.js';
import { NO_DELIVERIES, PATIENT_TASKS } from '../support/runs-without-worker.js';
import { RECIPIENT_KEY, type FakeWorld } from './fake-world.js';
import type { SkippedClock } from './skipped-clock.js';

/** How long Temporal's list of runs takes to arrive, by the machine's clock, in milliseconds. */
const ANSWER_MS = 30;

/**
 * The ports of a worker that serves many worlds at once: the stored key, and so the clear one,
 * names the account.
 */
export function createWorldPorts(
  worldOf: (accountId: string) => FakeWorld,
  clock: SkippedClock,
): ActivityPorts {
  return {
    accounts: {
      findEncryptedApiKey(accountId) {
        const encryptedApiKey = worldOf(accountId).findKey();
        return Promise.resolve(encryptedApiKey === undefined ? undefined : { encryptedApiKey });
      },
    },
    policies: undefined,
    inboxes: { readSoon: () => Promise.resolve() },
    inbox: undefined,
    cipher: { reseal: (stored) => stored, unseal: (sealed) => sealed },
    provider: { send: (request) => worldOf(request.apiKey).request(request) },
    sentMessages: { read: (request) => Promise.resolve(worldOf(request.apiKey).readLog(request)) },
    runs: {
      // What Temporal reports is slightly old when it arrives, so that two runs can have listed
      // before either claims.
      listOwningRuns: async ({ accountId, recipientPhone }) => {
        const runs = worldOf(accountId).listRuns(recipientPhone);
        await wait(ANSWER_MS);
        return runs;
      },
      findClaim: (message) => Promise.resolve(worldOf(message.accountId).findClaim(message)),
      claim: (message, owner) => Promise.resolve(worldOf(message.accountId).claim(message, owner)),
    },
    recipientKey: () => RECIPIENT_KEY,
    unencryptedJobs: 'admitted',
    listingLagMs: 0,
    now: () => clock.now(),
    deliveries: NO_DELIVERIES,
    tasks: PATIENT_TASKS,
    wait: () => Promise.resolve(),
  };
}
