import { proxyLocalActivities, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/types.js';
import { plaintextMemo } from '../encryption/plaintext-memo.js';
import { readCorrelationIds } from '../domain/sms-job-schema.js';
import { searchAttribute, searchAttributesOf } from './search-attributes.js';

const { computeRecipientKey } = proxyLocalActivities<Activities>({ startToCloseTimeout: '5 seconds' });

/**
 * Gives a run that was started without our client the memo and the search attributes that it lacks,
 * from those ids of its job that are well-formed. A run of our client has them all: nothing is
 * written.
 */
export function describeRun(input: unknown): void {
  const ids = readCorrelationIds(input);
  const { memo = {} } = workflowInfo();
  const missingMemo = Object.fromEntries(Object.entries(ids).filter(([name]) => !(name in memo)));
  const missingAttributes = searchAttributesOf(ids).filter(({ key }) => lacks(key.name));
  // An empty upsert makes the workflow task fail, again and again.
  if (Object.keys(missingMemo).length > 0) upsertMemo(plaintextMemo(missingMemo));
  if (missingAttributes.length > 0) upsertSearchAttributes(missingAttributes);
}

/**
 * The same for the digest of the recipient's number, which only an activity can compute: it needs a
 * key.
 */
export async function describeRecipient(recipientPhone: string): Promise<void> {
  if (!lacks('SmsRecipientKey')) return;
  const { recipientKey } = await computeRecipientKey({ recipientPhone });
  upsertSearchAttributes([searchAttribute('SmsRecipientKey', recipientKey)]);
}

function lacks(name: string): boolean {
  return !workflowInfo()
    .typedSearchAttributes.getAll()
    .some(({ key }) => key.name === name);
}
