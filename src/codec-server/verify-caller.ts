import { createHash, timingSafeEqual } from 'node:crypto';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { CodecServerAccess } from './codec-server-config.js';
import { HttpError } from './http-error.js';

/**
 * Identifies the caller from the Authorization header.
 *
 * @throws HttpError 401, 403, or 503 when the identity provider's keys cannot be had
 */
export type VerifyCaller = (authorization: string | undefined) => Promise<string>;

/** Signatures that only the holder of a private key can make: with HS256, a public key would do. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

const CLOCK_TOLERANCE_SECONDS = 30;

const CHALLENGE = 'Bearer realm="durable-sms codec server"';

/** The way of verifying that the configuration chose. */
export function createVerifyCaller(access: CodecServerAccess): VerifyCaller {
  if (access.kind === 'open') return () => Promise.resolve('anyone');
  const verify = access.kind === 'token' ? tokenVerifier(access.token) : jwtVerifier(access);
  return async (authorization) => {
    const [, credentials] = /^Bearer +([^ ]+) *$/i.exec(authorization ?? '') ?? [];
    if (credentials === undefined) {
      const reason = authorization === undefined ? 'no Authorization header' : 'Authorization is not Bearer';
      throw new HttpError(401, reason, 'Send a token as Authorization: Bearer TOKEN.', {
        'WWW-Authenticate': CHALLENGE,
      });
    }
    return verify(credentials);
  };
}

/** All digests have the same length, and comparing them reveals nothing about the token. */
function tokenVerifier(token: string) {
  const digestOf = (text: string) => createHash('sha256').update(text).digest();
  const expected = digestOf(token);
  return (credentials: string): Promise<string> =>
    timingSafeEqual(digestOf(credentials), expected)
      ? Promise.resolve('token')
      : Promise.reject(invalid('wrong token'));
}

function jwtVerifier({ jwksUrl, ...expected }: Extract<CodecServerAccess, { kind: 'jwt' }>) {
  const keys = createRemoteJWKSet(jwksUrl);
  return async (credentials: string): Promise<string> => {
    const { sub } = await readClaims(credentials, keys, expected);
    // An empty one would make callers indistinguishable in the audit log.
    if (typeof sub !== 'string' || sub === '') throw invalid('JWT: sub');
    if (expected.subjects?.includes(sub) === false)
      throw new HttpError(403, `subject not allowed: ${sub}`, 'This user may not decode payloads here.');
    return sub;
  };
}

async function readClaims(
  jwt: string,
  keys: ReturnType<typeof createRemoteJWKSet>,
  { issuer, audience }: { issuer: string; audience: string },
) {
  try {
    const { payload } = await jwtVerify(jwt, keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    return payload;
  } catch (error) {
    if (isTroubleOfProvider(error))
      throw new HttpError(503, 'JWKS unavailable', 'The keys of the identity provider are unavailable.', {
        'Retry-After': '5',
      });
    throw invalid(`JWT: ${describe(error)}`);
  }
}

/**
 * The fetch failed, was too slow, or brought something else than a key set: no fault of the token.
 */
function isTroubleOfProvider(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return (
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === 'ERR_JOSE_GENERIC'
  );
}

/** The claim or the kind of error, never a value. */
function describe(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return error.claim;
  return error instanceof errors.JOSEError ? error.code : 'not verified';
}

function invalid(reason: string): HttpError {
  return new HttpError(401, reason, `The token is not valid (${reason}).`, {
    'WWW-Authenticate': `${CHALLENGE}, error="invalid_token"`,
  });
}
