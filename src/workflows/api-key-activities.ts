import {
  proxyActivities,
  proxyLocalActivities,
  sleep,
  TemporalFailure,
  type RetryPolicy,
} from '@temporalio/workflow';
import type {
  Activities,
  EncryptedApiKey,
  LoadEncryptedApiKeyInput,
  SealedApiKey,
  UnprovenOrigin,
} from '../activities/types.js';
import { NON_RETRYABLE } from '../domain/errors.js';
import { LAST_KEY_LOOKUPS_EVERY_MS } from '../domain/replayed-constants.js';
import { formatTimestamp } from '../domain/timestamp.js';
import { recordOrThrow, type Deadline } from './deadline.js';
import type { RunStatus } from './run-status.js';

/** The activities that load and decrypt: they send nothing, so they may be repeated at will. */
type ApiKeyActivities = Pick<Activities, 'loadEncryptedApiKey' | 'decryptApiKey'>;

const nonRetryableErrorTypes = [...NON_RETRYABLE];

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

/** Which account's key is wanted, and for which run it is sealed. */
export interface ApiKeyQuery {
  readonly accountId: string;
  /** Undefined for a job that is bound to this run. */
  readonly jobOrigin?: UnprovenOrigin | undefined;
  readonly originalRunId: string;
  /** E.164. */
  readonly recipientPhone: string;
  /** Sending phone and SIM; undefined where nothing is to be sent. */
  readonly lane?: string | undefined;
}

/** A key, and what was decided about the recipient when it was loaded. */
export interface LoadedApiKey extends SealedApiKey, Omit<EncryptedApiKey, 'encryptedApiKey'> {
  /** Not later than the query, epoch milliseconds. */
  readonly loadedAtMs: number;
}

/**
 * Loads the account's encrypted API key, decrypts it, and returns it sealed; waits for what may
 * pass until the deadline.
 *
 * @throws ApplicationFailure with a code that is never retried, or MESSAGE_EXPIRED at the deadline
 */
export async function obtainApiKey(
  deadline: Deadline,
  query: ApiKeyQuery,
  status: Pick<RunStatus, 'setDetails'>,
): Promise<LoadedApiKey> {
  const { originalRunId } = query;
  status.setDetails('Loading and decrypting the account’s API key.');
  const loadedAtMs = Date.now();
  const { encryptedApiKey, ...decided } = await untilDeadline(deadline, status, (activities) =>
    activities.loadEncryptedApiKey(toLoad(query)),
  );
  const sealed = await untilDeadline(deadline, status, (activities) =>
    activities.decryptApiKey({ encryptedApiKey, originalRunId }),
  );
  return { ...sealed, ...decided, loadedAtMs };
}

/** The same within some seconds: undefined if the key cannot be had now. */
export async function tryToObtainApiKey(
  query: ApiKeyQuery,
): Promise<(SealedApiKey & Pick<EncryptedApiKey, 'optedOut'>) | undefined> {
  try {
    const { encryptedApiKey, optedOut } = await quick.loadEncryptedApiKey(toLoad(query));
    const sealed = await quick.decryptApiKey({ encryptedApiKey, originalRunId: query.originalRunId });
    return { ...sealed, ...(optedOut === undefined ? {} : { optedOut }) };
  } catch (error) {
    // Not only ActivityFailure: a replay shows the time-out of a local activity without one around
    // it (SDK 1.24).
    if (error instanceof TemporalFailure) return undefined;
    throw error;
  }
}

function toLoad({ accountId, jobOrigin, recipientPhone, lane }: ApiKeyQuery): LoadEncryptedApiKeyInput {
  return {
    accountId,
    ...(jobOrigin === undefined ? {} : { jobOrigin }),
    ...(lane === undefined ? {} : { recipientPhone, lane }),
  };
}

/**
 * Runs an activity that sends nothing: first as a local one, then, when that failed thrice or took
 * 5 s, as a normal one that Temporal retries until the deadline. It waits there without events, and
 * the Web UI shows its attempts.
 *
 * @throws ApplicationFailure with a code that is never retried, or MESSAGE_EXPIRED at the deadline
 */
async function untilDeadline<T>(
  deadline: Deadline,
  status: Pick<RunStatus, 'setDetails'>,
  call: (activities: ApiKeyActivities) => Promise<T>,
): Promise<T> {
  const patient = () =>
    proxyActivities<ApiKeyActivities>({
      startToCloseTimeout: '10 seconds',
      scheduleToCloseTimeout: deadline.remainingMs(),
      retry: PATIENT_RETRY,
      summary: 'The API key, retried until it is available',
    });
  for (let round = 0; ; round++) {
    deadline.check();
    try {
      return await call(round === 0 ? quick : patient());
    } catch (error) {
      const { message } = recordOrThrow(deadline, error);
      status.setDetails(
        `Waiting for the account’s API key. ${message ?? 'Its lookup failed.'} The run retries until ${formatTimestamp(deadline.atMs)}.`,
      );
    }
    // Temporal gives up when its next back-off would pass the deadline.
    if (round > 0) await sleep(Math.min(LAST_KEY_LOOKUPS_EVERY_MS, Math.max(1, deadline.remainingMs())));
  }
}
