export { SmsError, type SmsErrorOptions } from './domain/errors.js';
export type { SmsClientErrorCode, SmsErrorCode, SmsErrorDetails, SmsRunErrorCode } from './domain/errors.js';
export { decryptCredentials, encryptCredentials } from './encryption/credentials.js';
