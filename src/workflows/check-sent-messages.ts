import { CancellationScope, proxyActivities, TemporalFailure } from '@temporalio/workflow';
import type {
  Activities,
  FindDuplicateInput,
  FindSentSmsInput,
  PossibleDuplicate,
  SealedApiKey,
} from '../activities/types.js';
import type { Sighting } from '../domain/reconciliation/sightings.js';
import type { SentSmsVerdict } from '../domain/reconciliation/verdict.js';
import { tryToObtainApiKey, type ApiKeyQuery } from './api-key-activities.js';

const { findSentSms, findDuplicate } = proxyActivities<Activities>({
  summary: 'A check of the provider’s sent messages',
  startToCloseTimeout: '90 seconds',
  retry: { maximumAttempts: 3, initialInterval: '1 second' },
});

/** Which message is looked for. */
export type SentMessageQuery = ApiKeyQuery & Omit<FindSentSmsInput, 'sealedApiKey' | 'knownRows'>;

/** What the provider's sent messages say, and the key that they were read with. */
export interface SentMessagesCheck {
  readonly verdict: SentSmsVerdict;
  /** Undefined where the key could not be had. */
  readonly key: SealedApiKey | undefined;
}

const NO_KEY = 'the API key is unavailable';

/**
 * Asks the provider once, to the end also where the run is cancelled. Any error counts as an
 * unreadable list.
 *
 * @param sightings what earlier checks for the same message have seen
 */
export function checkSentMessages(
  query: SentMessageQuery,
  sightings: readonly Sighting[],
): Promise<SentMessagesCheck> {
  return CancellationScope.nonCancellable(async () => {
    const key = await tryToObtainApiKey(query);
    if (key === undefined) return { key, verdict: { verdict: 'unreadable', reason: NO_KEY } };
    const knownRows = sightings.map(({ messageId, sinceMs }) => ({ messageId, forMs: Date.now() - sinceMs }));
    const verdict = await orWhenItFails<SentSmsVerdict>(
      () => findSentSms({ ...query, ...key, ...(knownRows.length === 0 ? {} : { knownRows }) }),
      { verdict: 'unreadable', reason: 'the check of the sent messages failed' },
    );
    if (!isVerdict(verdict))
      return { key, verdict: { verdict: 'unreadable', reason: 'the check returned no verdict' } };
    return { key, verdict };
  });
}

/** Asks the provider once for another message than the one that was accepted. */
export function checkForDuplicate(
  query: SentMessageQuery & Pick<FindDuplicateInput, 'messageId' | 'owner'>,
): Promise<PossibleDuplicate> {
  return CancellationScope.nonCancellable(async () => {
    const key = await tryToObtainApiKey(query);
    if (key === undefined) return { unclear: NO_KEY };
    const unclear: PossibleDuplicate = { unclear: 'the check of the sent messages failed' };
    const found: unknown = await orWhenItFails<PossibleDuplicate>(
      () => findDuplicate({ ...query, ...key }),
      unclear,
    );
    return isPossibleDuplicate(found) ? found : unclear;
  });
}

async function orWhenItFails<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TemporalFailure) return otherwise;
    throw error;
  }
}

function isPossibleDuplicate(result: unknown): result is PossibleDuplicate {
  if (typeof result !== 'object' || result === null) return false;
  return Object.values(result).every((value) => typeof value === 'string');
}

/** An operator can complete an activity by hand, with any result or none. */
function isVerdict(result: unknown): result is SentSmsVerdict {
  if (typeof result !== 'object' || result === null) return false;
  const { verdict, messageId, timestamp, reason } = result as Partial<Record<string, unknown>>;
  if (verdict === 'found')
    return typeof messageId === 'string' && messageId !== '' && typeof timestamp === 'string';
  if (verdict === 'clean') return true;
  return (verdict === 'ambiguous' || verdict === 'unreadable') && typeof reason === 'string';
}
