export type { AuditFinding, AuditOptions } from './client/audit-sends.js';
export { createSmsClient, type SmsClient, type SmsClientOptions } from './client/sms-client.js';
export type { SmsHandle, SmsRunStatus, SmsStatusReport } from './client/sms-handle.js';
export type { SendOptions } from './client/start-request.js';
export { SmsError, type SmsErrorCode, type SmsErrorDetails } from './domain/errors.js';
export type { SendDecision } from './domain/send-decision.js';
export type { SmsJob, SmsOptions, SmsResult, TraceIds } from './domain/sms-job.js';
