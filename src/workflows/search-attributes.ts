import {
  defineSearchAttributeKey,
  SearchAttributeType,
  type SearchAttributePair,
  type SearchAttributeUpdatePair,
} from '@temporalio/common';
import type { SearchAttributeName } from '../domain/names.js';
import type { CorrelationIds } from '../domain/sms-job.js';

/** One of our search attributes, all of type Keyword, with its value. */
export function searchAttribute(name: SearchAttributeName, value: string): SearchAttributePair {
  return { key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value };
}

/** Takes a search attribute away. */
export function withoutSearchAttribute(name: SearchAttributeName): SearchAttributeUpdatePair {
  return { key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value: null };
}

/** The search attributes of a run's known correlation ids. */
export function searchAttributesOf(ids: CorrelationIds): SearchAttributePair[] {
  const values: readonly (readonly [SearchAttributeName, string | undefined])[] = [
    ['SmsAccountId', ids.accountId],
    ['SmsHuntId', ids.huntId],
    ['SmsAdId', ids.adId],
    ['SmsLeadId', ids.leadId],
  ];
  return values.flatMap(([name, value]) => (value === undefined ? [] : [searchAttribute(name, value)]));
}
