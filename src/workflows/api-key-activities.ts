import {
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  sleep,
  type RetryPolicy,
} from '@temporalio/workflow';
import type { Activities } from '../activities/types.js';
import { mayPass, NEVER_RETRIED } from '../domain/errors.js';
import type { Deadline } from './deadline.js';
import { readActivityFailure, runFailure } from './failures.js';

/** The activities that send nothing, so that they may be repeated at will. */
type ApiKeyActivities = Pick<Activities, 'loadEncryptedApiKey' | 'decryptApiKey'>;

const nonRetryableErrorTypes = [...NEVER_RETRIED];

/** Inside the workflow's own task, without a round trip: what works at once costs milliseconds. */
const quick = proxyLocalActivities<ApiKeyActivities>({
  startToCloseTimeout: '2 seconds',
  scheduleToCloseTimeout: '5 seconds',
  retry: { maximumAttempts: 3, initialInterval: '200 milliseconds', nonRetryableErrorTypes },
});

const PATIENT_RETRY: RetryPolicy = {
  initialInterval: '1 second',
  maximumInterval: '30 seconds',
  nonRetryableErrorTypes,
};

/** Temporal gives up when its next back-off would pass the deadline; what is left is tried in steps of this length. */
const LAST_STEPS_MS = 5_000;

/**
 * Runs an activity that sends nothing: first as a local one, then, when that failed thrice or took 5 s, as a normal one
 * that Temporal retries until the deadline. It waits there without events, and the Web UI shows its attempts.
 *
 * @throws ApplicationFailure with a code that is never retried, or MESSAGE_EXPIRED at the deadline
 */
export async function untilDeadline<T>(
  deadline: Deadline,
  call: (activities: ApiKeyActivities) => Promise<T>,
): Promise<T> {
  const patient = () =>
    proxyActivities<ApiKeyActivities>({
      startToCloseTimeout: '10 seconds',
      scheduleToCloseTimeout: deadline.remainingMs(),
      retry: PATIENT_RETRY,
    });
  for (let round = 0; ; round++) {
    deadline.check();
    try {
      return await call(round === 0 ? quick : patient());
    } catch (error) {
      if (isCancellation(error)) throw error;
      const { code, message, details } = readActivityFailure(error);
      if (code !== undefined && !mayPass(code)) {
        throw runFailure(code, {
          message,
          details: { ...details, attempt: deadline.attempts },
          cause: error,
        });
      }
      deadline.blame(error);
    }
    if (round > 0) await sleep(Math.min(LAST_STEPS_MS, Math.max(1, deadline.remainingMs())));
  }
}
