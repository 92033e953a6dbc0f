/**
 * Encrypts and decrypts the API keys in `accounts.sms_api_key`, in the web app's own format.
 *
 * @packageDocumentation
 */
export { SmsError, type SmsErrorOptions } from './domain/errors.js';
export type { SmsClientErrorCode, SmsErrorCode, SmsErrorDetails, SmsRunErrorCode } from './domain/errors.js';
export { decryptCredentials, encryptCredentials } from './encryption/credentials.js';
