import type { TemporalClient } from './runs-options.js';
import { signalOpenSends } from './signal-open-sends.js';
import { translateTemporalError } from './temporal-errors.js';

/**
 * How many sends are notified at most: each asks PostgreSQL for its moment. The others take up the
 * policy at their moment.
 */
const MAX_NOTIFIED = 10_000;

/**
 * Has the sends of an account that wait ask for their moment again, as its policy has changed.
 *
 * @returns how many were notified
 * @throws SmsError TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED: some may not have been notified
 */
export async function announcePolicy(
  { client }: { readonly client: TemporalClient },
  accountId: string,
): Promise<number> {
  try {
    return await signalOpenSends(client, { accountId, status: 'waiting', limit: MAX_NOTIFIED });
  } catch (error) {
    throw translateTemporalError(error);
  }
}
