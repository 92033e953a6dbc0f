/** The workflow type that other SDKs and the Temporal CLI start. */
export const WORKFLOW_TYPE = 'sendSmsWorkflow';

/** The task queue unless SMS_TASK_QUEUE says otherwise. */
export const DEFAULT_TASK_QUEUE = 'sms';

/** The search attributes, all of type Keyword: what runs are found by. Never encrypted, so ids and digests only. */
export const SEARCH_ATTRIBUTE_NAMES = [
  'SmsAccountId',
  'SmsHuntId',
  'SmsAdId',
  'SmsLeadId',
  'SmsRecipientKey',
  'SmsErrorCode',
  'SmsStatus',
] as const;

/** The name of one of our search attributes. */
export type SearchAttributeName = (typeof SEARCH_ATTRIBUTE_NAMES)[number];

/** The workflow id of a send: the same account and idempotency key mean the same run. */
export function workflowIdFor(accountId: string, idempotencyKey: string): string {
  return `sms-${accountId.toLowerCase()}-${idempotencyKey}`;
}
