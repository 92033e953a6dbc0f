import type { SmsStatus } from '../domain/names.js';
import { quote } from '../domain/visibility-query.js';
import type { TemporalClient } from './runs-options.js';
import { signalOpenSends } from './signal-open-sends.js';
import { translateTemporalError } from './temporal-errors.js';

/** Recipients of one account about whom something was decided. */
export interface OptOutNews {
  readonly accountId: string;
  /** E.164. */
  readonly recipientPhones: readonly string[];
}

/** What it takes to notify sends. */
export interface AnnounceOptions {
  readonly client: TemporalClient;
  /** The digests of an E.164 number under all known keys. */
  readonly recipientKeys: (recipientPhone: string) => readonly string[];
  /**
   * Records that the sends to these numbers were notified; left out where there is nothing to
   * record.
   */
  readonly markAnnounced?: ((news: OptOutNews) => Promise<void>) | undefined;
}

/** The numbers of one query: it holds the digests of each under every key. */
const NUMBERS_PER_QUERY = 25;

/**
 * Has the open sends from an account to recipients who have opted out look at once. It only hastens
 * what each does anyway before its next request, and a send that Temporal does not list yet looks
 * by itself.
 *
 * @returns how many sends were notified
 * @throws SmsError TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED: some may not have been notified;
 *   whatever `markAnnounced` throws
 */
export async function announceOptOut(
  { markAnnounced, ...options }: AnnounceOptions,
  news: OptOutNews,
): Promise<number> {
  return await notifyInParts(options, news, { markAnnounced });
}

/**
 * Has the sends that wait for a decision about these recipients look at once: they may be written
 * to. Others are left alone: a signal would wake one whose start is delayed.
 *
 * @returns how many sends were notified
 * @throws SmsError TEMPORAL_UNAVAILABLE, TEMPORAL_REFUSED: some may not have been notified
 */
export async function announceDismissal(
  options: Omit<AnnounceOptions, 'markAnnounced'>,
  news: OptOutNews,
): Promise<number> {
  return await notifyInParts(options, news, { status: 'waiting' });
}

async function notifyInParts(
  { client, recipientKeys }: Omit<AnnounceOptions, 'markAnnounced'>,
  { accountId, recipientPhones }: OptOutNews,
  { status, markAnnounced }: { status?: SmsStatus } & Pick<AnnounceOptions, 'markAnnounced'>,
): Promise<number> {
  let notified = 0;
  for (let from = 0; from < recipientPhones.length; from += NUMBERS_PER_QUERY) {
    const some = recipientPhones.slice(from, from + NUMBERS_PER_QUERY);
    try {
      const keys = some.flatMap((phone) => recipientKeys(phone));
      const recipients = `SmsRecipientKey IN (${keys.map(quote).join(', ')})`;
      notified += await signalOpenSends(client, { accountId, status, and: [recipients] });
    } catch (error) {
      throw translateTemporalError(error);
    }
    await markAnnounced?.({ accountId, recipientPhones: some });
  }
  return notified;
}
