import { AddressError } from '../db/address/split-address.js';
import { openPolicyStore } from '../db/policy-store/open-policy-store.js';
import { createPoliciesOver } from './policies-over.js';
import type { SmsPolicies, SmsPoliciesOptions } from './sms-policies.js';

/**
 * Makes the policies of the web app's database. Nothing is connected before the first call.
 *
 * @throws RangeError that names the option that is wrong, and quotes nothing of it
 *
 * @example
 * const policies = createSmsPolicies({ databaseUrl: process.env.DATABASE_URL });
 */
export function createSmsPolicies(options: SmsPoliciesOptions): SmsPolicies {
  const { databaseUrl, defaultRegion = 'FR', maxConnections = 4, queryTimeoutMs = 10_000 } = options;
  assertWithin('maxConnections', maxConnections, [1, 100]);
  assertWithin('queryTimeoutMs', queryTimeoutMs, [100, 3_600_000]);
  if (typeof databaseUrl !== 'string' || databaseUrl === '')
    throw new RangeError('databaseUrl must be postgres://user:password@host:port/database.');
  try {
    const store = openPolicyStore({
      databaseUrl,
      maxConnections,
      queryMs: queryTimeoutMs,
      applicationName: 'durable-sms-policies',
    });
    return createPoliciesOver(store, { defaultRegion });
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    // Its words name parameters, and quote nothing.
    // eslint-disable-next-line preserve-caught-error
    throw new RangeError(`databaseUrl: ${error.message}`);
  }
}

function assertWithin(name: string, value: unknown, [min, max]: readonly [number, number]): void {
  if (!Number.isInteger(value) || Number(value) < min || Number(value) > max)
    throw new RangeError(`${name} must be a whole number from ${min} to ${max}.`);
}
