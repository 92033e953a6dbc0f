import { activityInfo, ApplicationFailure, cancellationSignal } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import type { PhoneSign } from '../domain/following/phone-report.js';
import { CLOCK_DIFFERENCE_MS } from '../domain/reconciliation/match-candidates.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { activityFailure, asActivityFailure } from './activity-failure.js';
import { currentRun } from './current-run.js';
import { createLoadEncryptedApiKey } from './load-encrypted-api-key.js';
import type { ActivityPorts } from './ports.js';
import type { Activities, FollowSmsInput } from './types.js';

type FollowSmsPorts = Pick<ActivityPorts, 'accounts' | 'unencryptedJobs' | 'cipher' | 'deliveries'>;

/** Makes {@link Activities.followSms}. */
export function createFollowSms(ports: FollowSmsPorts): Activities['followSms'] {
  const loadEncryptedApiKey = createLoadEncryptedApiKey(ports);

  return (input) =>
    asActivityFailure(async () => {
      const { accountId, jobOrigin, messageId, sinceMs } = input;
      const loaded = await loadEncryptedApiKey({ accountId, ...omitUndefined({ jobOrigin }) });
      const apiKey = openKey(ports, loaded.encryptedApiKey);
      const signal = cancellationSignal();
      const answer = await ports.deliveries.read({
        apiKey,
        messageId,
        checkId: currentCheckId(),
        sinceMs: sinceMs - CLOCK_DIFFERENCE_MS,
        signal,
      });
      switch (answer.kind) {
        case 'later':
          // Nothing went wrong: no worker warns of it, and no metric counts it as a failure.
          throw toBeRepeated(
            'the sent messages of this account were read just now.',
            answer.afterMs,
            ApplicationFailureCategory.BENIGN,
          );
        case 'unreadable': {
          const { code, reason, retryAfterMs } = answer;
          const message = `${reason}.`;
          if (code === 'API_KEY_INVALID') throw activityFailure(code, { message });
          throw toBeRepeated(message, retryAfterMs);
        }
        case 'read': {
          const { report, ageMs } = answer;
          const isKnown = report.kind === 'sent' || report.kind === 'failed';
          if (isKnown || !input.isLast) return { report, ageMs };
          return { report, ageMs, phone: await readPhoneSign(ports, apiKey, input) };
        }
      }
    });
}

/** The same for all tries of a check. */
function currentCheckId(): string {
  const { runId } = currentRun();
  return `${runId} ${activityInfo().activityId}`;
}

/** The key lives in this activity only: nothing of it is in the history. */
function openKey({ cipher }: FollowSmsPorts, encryptedApiKey: string): string {
  if (cipher === undefined) throw activityFailure('ENCRYPTION_KEY_MISSING');
  const { workflowId, runId: originalRunId } = currentRun();
  const owner = { workflowId, originalRunId };
  return cipher.unseal(cipher.reseal(encryptedApiKey, owner), owner);
}

/** Temporal repeats the activity, which holds no slot of a worker and writes no event meanwhile. */
function toBeRepeated(
  message: string,
  afterMs: number | undefined,
  category?: ApplicationFailureCategory,
): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'PROVIDER_UNAVAILABLE',
    message,
    details: [{}],
    ...omitUndefined({ category }),
    ...(afterMs === undefined ? {} : { nextRetryDelay: Math.ceil(afterMs) }),
  });
}

/** The sending phone's last sign of life, by the provider's word. */
async function readPhoneSign(
  { deliveries }: FollowSmsPorts,
  apiKey: string,
  { sendingPhoneId }: FollowSmsInput,
): Promise<PhoneSign> {
  const reading = await deliveries.readPhones({ apiKey, signal: cancellationSignal() });
  const phones = reading.kind === 'read' ? reading.phones : [];
  const own = phones.filter(({ phoneId }) => sendingPhoneId === undefined || phoneId === sendingPhoneId);
  // Of several, any may have been to send it.
  const [phone] = own.length === 1 ? own : [];
  return omitUndefined({ online: phone?.online, lastSeenAtMs: phone?.lastSeenAtMs });
}
