import { MAX_SENDS, plainNumber } from '../../chaos/plan/plain-numbers.js';
import type { BenchJob } from '../system.js';

/** What a lead is sent: one segment of GSM 03.38 would be less than people write. */
const MESSAGE = 'Bonjour, votre annonce m’intéresse. Est-elle toujours disponible ? Je peux passer ce soir.';

/** Makes jobs of one account: each with a key, a recipient and a lead of its own. */
export function createJobMaker(accountId: string, prefix: string): () => BenchJob {
  let count = 0;
  return () => {
    const index = count++;
    return {
      key: `${prefix}-${index}`,
      accountId,
      recipientPhone: plainNumber(index % MAX_SENDS),
      message: MESSAGE,
      metadata: { huntId: 'hunt-7', adId: `ad-${index}`, leadId: `lead-${index}` },
    };
  };
}
