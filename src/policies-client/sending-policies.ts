import { POLICY_FIELDS, type SendingPolicyStore } from '../db/policy-store/sending-policies.js';
import { isRecord } from '../domain/is-record.js';
import { readSendingPolicy, type SendingPolicy } from '../policies/sending-policy.js';
import { invalid, readAccountId } from './read-fields.js';
import type { SmsSendingPolicies } from './sms-policies.js';

/** The sending policies of a store, for web apps. */
export function createSendingPolicies(store: SendingPolicyStore): SmsSendingPolicies {
  return {
    async get(accountId) {
      return readSendingPolicy(await store.find(readAccountId(accountId)));
    },
    async set(accountId, changes) {
      const account = readAccountId(accountId);
      const known = knownChanges(changes);
      const current = await store.find(account);
      // All of it is checked, as settings limit each other.
      const { days } = readSendingPolicy(Object.assign({}, current, known));
      const set =
        known.days === undefined ? known : Object.assign({}, known, { days: [...new Set(days)].toSorted() });
      return readSendingPolicy(await store.set(account, set));
    },
    async reset(accountId) {
      await store.reset(readAccountId(accountId));
    },
  };
}

/** What is to be changed: a misspelt setting is noticed. */
function knownChanges(changes: unknown): Partial<SendingPolicy> {
  if (!isRecord(changes)) throw invalid('The sending policy is not valid: pass an object with settings.');
  const unknown = Object.keys(changes).some((name) => !(POLICY_FIELDS as readonly string[]).includes(name));
  if (unknown)
    throw invalid(`The sending policy is not valid: its settings are ${POLICY_FIELDS.join(', ')}.`);
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
