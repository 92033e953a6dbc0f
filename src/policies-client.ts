/**
 * Who may be written to, and when: opt-outs, hours and limits in the web app's PostgreSQL. Needs
 * the package `postgres`.
 *
 * @packageDocumentation
 */
export { SmsError, type SmsErrorOptions } from './domain/errors.js';
export type { SmsClientErrorCode, SmsErrorCode, SmsErrorDetails, SmsRunErrorCode } from './domain/errors.js';
export type { OptOutSource } from './domain/opt-out-source.js';
export { DEFAULT_SENDING_POLICY } from './policies/sending-policy.js';
export type { HolidayCalendar, SendingPolicy } from './policies/sending-policy.js';
export { createSmsPolicies } from './policies-client/create-sms-policies.js';
export type {
  DecisionOptions,
  NewOptOut,
  OptOut,
  OptOutFormat,
  OptOutImportOptions,
  OptOutListOptions,
  OptOutRecipient,
  OptOutsAdded,
  PossibleOptOut,
  PossibleOptOutListOptions,
  SmsOptOuts,
} from './policies-client/sms-opt-outs.js';
export type {
  FailingPhone,
  ForgetOptions,
  Forgotten,
  Outreach,
  OutreachListOptions,
  SmsPolicies,
  SmsPoliciesOptions,
  SmsSendingPolicies,
} from './policies-client/sms-policies.js';
