/** The workflow type that other SDKs and the Temporal CLI start. */
export const WORKFLOW_TYPE = 'sendSmsWorkflow';

/**
 * The workflow type of claims: which run owns a message of the provider's list of sent messages.
 */
export const CLAIM_WORKFLOW_TYPE = 'claimMessageWorkflow';

/** The workflow type that looks for second messages of sends that were sent again. */
export const AUDIT_WORKFLOW_TYPE = 'auditSendWorkflow';

/**
 * The workflow type that asks the provider's list of sent messages about a send that has ended,
 * before it is retried.
 */
export const RECONCILE_WORKFLOW_TYPE = 'reconcileSendWorkflow';

/** The workflow type that reads an account's inbox. */
export const INBOX_WORKFLOW_TYPE = 'inboxWorkflow';

/** The signal that has an inbox read at once. */
export const READ_INBOX = 'readInbox';

/** The signal that has a waiting send look whether its recipient has opted out. */
export const CHECK_OPT_OUT = 'checkOptOut';

/** The activity that makes the request to the provider. */
export const SEND_ACTIVITY = 'sendSms';

/** The header that hands a trace on, as in the SDK's own interceptors. */
export const TRACE_HEADER = '_tracer-data';

/** The task queue unless SMS_TASK_QUEUE says otherwise. */
export const DEFAULT_TASK_QUEUE = 'sms';

/**
 * The search attributes, all of type Keyword: what runs are found by. Never encrypted, so ids and
 * digests only.
 */
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

/**
 * The values of the search attribute `SmsStatus`, of runs that left the happy path; a run on it has
 * none.
 */
export const SMS_STATUSES = [
  /** Not requested yet: it waits for its hours, its turn, its phone or its inbox. */
  'waiting',
  /** Maybe sent: the provider's list of sent messages is being asked. */
  'checking',
  /** Maybe sent, and a person has to decide. */
  'held',
  /** Was sent again after an unknown outcome. */
  'resent',
  /** Maybe sent, and then known to be, or not to be. */
  'reconciled',
  /** Ended without it being known whether it was sent. */
  'unresolved',
  /** Accepted by the provider, and followed until its phone has sent it. */
  'accepted',
  /** The same after it was sent again, so that audits find it. */
  'resent-accepted',
  /** Followed, and sent by the phone. */
  'sent',
  /** The same after it was sent again. */
  'resent-sent',
] as const;

/** One of {@link SMS_STATUSES}. */
export type SmsStatus = (typeof SMS_STATUSES)[number];

/** The workflow id of a send: the same account and idempotency key mean the same run. */
export function workflowIdFor(accountId: string, idempotencyKey: string): string {
  return `sms-${accountId.toLowerCase()}-${idempotencyKey}`;
}

/** The workflow id of the run that reads an account's inbox. */
export function inboxWorkflowIdFor(accountId: string): string {
  return `sms-inbox-${accountId.toLowerCase()}`;
}

/**
 * The workflow id of a claim; the digest stands for the message id, which comes from outside and
 * may hold anything.
 */
export function claimWorkflowIdFor(accountId: string, messageDigest: string): string {
  return `sms-claim-${accountId.toLowerCase()}-${messageDigest}`;
}
