import postgres from 'postgres';
import { SmsError } from '../domain/errors.js';
import { translateDatabaseError } from './database-errors.js';

/** SQLSTATE insufficient_privilege, and read_only_sql_transaction. */
const REFUSED = ['42501', '25006'];

/**
 * The error of a failed update of `accounts`, as DATABASE_UNAVAILABLE, see
 * `translateDatabaseError`.
 */
export function translateWriteError(error: unknown): SmsError {
  if (!(error instanceof postgres.PostgresError && REFUSED.includes(error.code))) {
    return translateDatabaseError(error);
  }
  return new SmsError('DATABASE_UNAVAILABLE', {
    message: `The role may not update accounts: use a DATABASE_URL with a role that may (${error.code}).`,
  });
}
