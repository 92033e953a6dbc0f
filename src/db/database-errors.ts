import { SmsError } from '../domain/errors.js';

/**
 * What PostgreSQL, its driver and the network say when the database cannot be read now: SQLSTATE
 * (two characters stand for their whole class) or code → what an operator reads. All of it is
 * DATABASE_UNAVAILABLE, retried until the deadline: an operator can mend a permission or a missing
 * table as well as a network. SQLSTATE: PostgreSQL documentation, appendix A.
 */
const REASONS: Readonly<Record<string, string>> = {
  '08': 'the connection was lost',
  '08P01':
    'the server or pooler rejects the connection parameters; a pooler may not support options= in DATABASE_URL',
  '0A000': 'the server does not support this; a standby takes no writes',
  '25006': 'the server takes no writes: it is a standby, or read-only',
  '25': 'the transaction is in a state that does not allow this',
  '28': 'the login was refused',
  '3D': 'the database does not exist',
  '3F': 'the schema does not exist',
  '40': 'the transaction was rolled back',
  '42501': 'the role may not read accounts(id, sms_api_key)',
  '42703': 'accounts lacks the column id or sms_api_key',
  '42P01': 'the table accounts does not exist, or is not on the search path',
  '53': 'the server is out of connections, memory or disk',
  '55000': 'the server cannot do this now',
  '55': 'another transaction holds a lock',
  '57014': 'the statement took too long',
  '57P01': 'the server is being shut down',
  '57P02': 'the server is recovering from a crash',
  '57P03': 'the server is starting up',
  '57': 'an operator intervened',
  '58': 'the server met a system error',
  XX: 'the server met an internal error',
  CONNECT_TIMEOUT: 'no connection within the time-out',
  CONNECTION_CLOSED: 'the connection was lost',
  CONNECTION_DESTROYED: 'the connection was lost',
  CONNECTION_ENDED: 'the connection was lost',
  WRONG_SERVER: 'no server of DATABASE_URL is the primary one, or matches target_session_attrs',
  POOL_TIMEOUT: 'no answer within the time-out, or the pool is exhausted',
  ECONNREFUSED: 'nothing listens on the address',
  ECONNRESET: 'the connection was lost',
  EPIPE: 'the connection was lost',
  ETIMEDOUT: 'no connection within the time-out',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be resolved now',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ENOENT: 'the socket does not exist',
  EACCES: 'the socket may not be opened',
  TLS_NOT_OFFERED: 'the server does not offer TLS, which DATABASE_URL requires',
  TLS_UNCLEAR: 'the server at the address is not PostgreSQL',
  CERT_HAS_EXPIRED: 'the server certificate has expired',
  CERT_NOT_YET_VALID: 'the server certificate is not valid yet',
  CERT_REVOKED: 'the server certificate was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the server certificate is for another host',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'no connection within the time-out',
  EPROTO: 'TLS negotiation with the server failed',
};

/** What OpenSSL says of a certificate whose authority is not among those that are trusted. */
const UNTRUSTED =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE|GET_CRL)|INVALID_CA|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE)/;

/**
 * The error of a failed query, as DATABASE_UNAVAILABLE with its reason and code. The original is
 * not attached: drivers keep query, parameters and address in theirs.
 */
export function translateDatabaseError(error: unknown): SmsError {
  const code = codeOf(error);
  const reason = code === undefined ? undefined : reasonOf(code);
  return new SmsError('DATABASE_UNAVAILABLE', {
    message: `PostgreSQL could not be read: ${reason ?? 'unexpected error'}${code === undefined ? '' : ` (${code})`}.`,
  });
}

/**
 * What a query answers, or SmsError DATABASE_UNAVAILABLE; an SmsError of the code around it is
 * passed on.
 */
export async function orUnavailable<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    throw error instanceof SmsError ? error : translateDatabaseError(error);
  }
}

function reasonOf(code: string): string | undefined {
  if (UNTRUSTED.test(code))
    return 'the server certificate is not from a trusted authority: see sslrootcert in DATABASE_URL';
  if (code.startsWith('ERR_SSL_')) return 'TLS negotiation with the server failed';
  return REASONS[code] ?? (/^[0-9A-Z]{5}$/.test(code) ? REASONS[code.slice(0, 2)] : undefined);
}

/**
 * The first code on the way down the causes: drizzle wraps the driver's error, Node wraps several
 * addresses' errors.
 */
export function codeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  if ('code' in error && typeof error.code === 'string' && /^[A-Z0-9_]{2,40}$/.test(error.code))
    return error.code;
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return codeOf(inner, depth + 1);
}
