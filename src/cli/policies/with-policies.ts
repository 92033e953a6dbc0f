import { readPoliciesConfig } from '../../config.js';
import { openPolicyStore, type PolicyStore } from '../../db/policy-store/open-policy-store.js';
import { createPoliciesOver } from '../../policies-client/policies-over.js';
import type { SmsPolicies } from '../../policies-client/sms-policies.js';
import { UsageError } from '../cli-error.js';
import type { CliIo } from '../cli-run.js';

/** Listing and erasing may read tables of any size; in milliseconds. */
const QUERY_MS = 60_000;

/** Where a number without country code is from. */
export const DEFAULT_REGION = 'FR';

/** Runs `work` with the policies of the environment's database, and closes them. */
export async function withPolicies<T>(
  io: Pick<CliIo, 'env'>,
  work: (policies: SmsPolicies, store: PolicyStore) => Promise<T>,
): Promise<T> {
  const { databaseUrl } = readPoliciesConfig(io.env);
  const store = openPolicyStore({
    databaseUrl,
    maxConnections: 2,
    queryMs: QUERY_MS,
    applicationName: 'durable-sms-cli',
  });
  try {
    return await work(createPoliciesOver(store, { defaultRegion: DEFAULT_REGION }), store);
  } finally {
    await store.close();
  }
}

/** How many accounts one query looks for. */
const ACCOUNTS_PER_QUERY = 1_000;

/**
 * A rule for an account that does not exist would hold for nobody. Without the right to look, it is
 * taken as it is.
 *
 * @throws UsageError
 */
export async function assertAccounts(
  store: Pick<PolicyStore, 'findMissingAccounts'>,
  accountIds: readonly string[],
): Promise<void> {
  const wanted = [...new Set(accountIds.map((id) => id.toLowerCase()))];
  for (let from = 0; from < wanted.length; from += ACCOUNTS_PER_QUERY) {
    const missing = await store.findMissingAccounts(wanted.slice(from, from + ACCOUNTS_PER_QUERY));
    if (missing?.[0] !== undefined) throw new UsageError(`Account ${missing[0]} does not exist.`);
  }
}
