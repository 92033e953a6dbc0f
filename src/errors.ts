/**
 * The error codes of sends and of the client, with what each means.
 *
 * @packageDocumentation
 */
export { isSmsRunErrorCode, sentenceFor, SMS_CLIENT_ERRORS, SMS_ERRORS, SmsError } from './domain/errors.js';
export type {
  SmsClientErrorCode,
  SmsErrorCode,
  SmsErrorDetails,
  SmsErrorOptions,
  SmsErrorRetry,
  SmsErrorRule,
  SmsRunErrorCode,
} from './domain/errors.js';
