/**
 * Starts SMS sends that are never lost and never sent twice, and follows them to their end.
 *
 * @packageDocumentation
 */
export type { AuditFinding, AuditOptions } from './client/audit-sends.js';
export type { SmsAwaited, SmsInspection } from './client/inspect-send.js';
export type { SmsStep, SmsStepKind } from './client/story/sms-step.js';
export type { ListOptions, SmsListing } from './client/list-sends.js';
export type { ObserveOptions } from './client/observe-sends.js';
export type { NewSend, RetryOptions, RetryOutcome, RetryRefusal } from './client/retry/retry-outcome.js';
export type { SendFilter, SmsListStatus } from './client/send-filter.js';
export type { SmsState } from './client/send-state.js';
export type { AcceptedSms } from './client/read-acceptance.js';
export { createSmsClient } from './client/create-sms-client.js';
export type { SmsClientOptions } from './client/client-options.js';
export type { SmsClient, StartedSms } from './client/sms-client.js';
export type { SmsHandle, SmsRunStatus, SmsStatusReport, WaitOptions } from './client/sms-handle.js';
export type { SendOptions } from './client/start-request.js';
export { toEventStream } from './client/to-event-stream.js';
export type { EventStreamOptions, EventStreamRequest } from './client/to-event-stream.js';
export type { WatchOptions } from './client/watch-send.js';
export { SmsError, type SmsErrorOptions } from './domain/errors.js';
export type { SmsClientErrorCode, SmsErrorCode, SmsErrorDetails, SmsRunErrorCode } from './domain/errors.js';
export type { SendDecision } from './domain/send-decision.js';
export type { SmsJob, SmsMetadata, SmsOptions, SmsResult, CorrelationIds } from './domain/sms-job.js';
export type { PayloadKey } from './encryption/payload-keys.js';
