import { isIP } from 'node:net';
import { z } from 'zod';
import { parsePayloadKeys, PAYLOAD_KEYS_FORM, type PayloadKey } from '../encryption/payload-keys.js';

/**
 * Who may ask: everyone who reaches the server, everyone with the token, or everyone with a JWT of
 * the identity provider.
 */
export type CodecServerAccess =
  | { readonly kind: 'open' }
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'jwt';
      readonly jwksUrl: URL;
      readonly issuer: string;
      readonly audience: string;
      /** The only `sub` claims that are let in; undefined: all of the issuer's. */
      readonly subjects: readonly string[] | undefined;
    };

/** What the codec server needs. */
export interface CodecServerConfig {
  /** `host:port`. */
  readonly address: string;
  /** The first encrypts, all decrypt. */
  readonly payloadKeys: readonly PayloadKey[];
  /** Pages from there may ask. */
  readonly origins: readonly string[];
  readonly access: CodecServerAccess;
  readonly requestsPerMinute: number;
  /** Proxies whose X-Forwarded-For is believed: addresses, CIDR ranges, or names of ranges. */
  readonly trustedProxies: readonly string[];
}

/** The issuer that every user of Temporal Cloud shares, whatever their company. */
const SHARED_ISSUER_HOST = 'login.tmprl.cloud';

const NAMED_RANGES = ['loopback', 'linklocal', 'uniquelocal'];

const payloadKeys = z.string(`required: ${PAYLOAD_KEYS_FORM}`).transform((text, context) => {
  try {
    return parsePayloadKeys(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as RangeError).message });
    return z.NEVER;
  }
});

/** The variables of the codec server, but for its address. */
export const codecServerShape = {
  SMS_PAYLOAD_KEYS: payloadKeys,
  CODEC_SERVER_ORIGINS: listOf(
    isOrigin,
    'must be origins such as https://temporal.example, separated by commas: scheme, host and port, no path, no *',
  ),
  CODEC_SERVER_TOKEN: z
    .string()
    .regex(/^[A-Za-z0-9._~+/-]{32,}=*$/, 'must be 32 or more letters, digits or . _ ~ + / -')
    .optional(),
  CODEC_SERVER_JWKS_URL: z
    .string()
    .refine(isJwksUrl, 'must be an https URL without user and password (http only on loopback)')
    .optional(),
  CODEC_SERVER_JWT_ISSUER: z.string().optional(),
  CODEC_SERVER_JWT_AUDIENCE: z.string().optional(),
  CODEC_SERVER_JWT_SUBJECTS: listOf((text) => text !== '', 'must be sub claims, separated by commas'),
  CODEC_SERVER_REQUESTS_PER_MINUTE: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'must be a number from 1 to 999999')
    .transform(Number)
    .default(600),
  CODEC_SERVER_TRUST_PROXY: listOf(
    isProxy,
    `must be IP addresses, CIDR ranges or ${NAMED_RANGES.join(', ')}, separated by commas`,
  ),
};

type Values = z.infer<z.ZodObject<typeof codecServerShape>> & { CODEC_SERVER_ADDRESS?: string | undefined };

/** The configuration that valid variables say. */
export function toCodecServerConfig(values: Values): CodecServerConfig {
  return {
    address: values.CODEC_SERVER_ADDRESS ?? '127.0.0.1:8888',
    payloadKeys: values.SMS_PAYLOAD_KEYS,
    origins: values.CODEC_SERVER_ORIGINS ?? [],
    access: toAccess(values),
    requestsPerMinute: values.CODEC_SERVER_REQUESTS_PER_MINUTE,
    trustedProxies: values.CODEC_SERVER_TRUST_PROXY ?? [],
  };
}

/** What is wrong with the variables taken together; each problem names its variable. */
export function problemsOfCodecServer(present: Readonly<Record<string, string | undefined>>): string[] {
  const {
    CODEC_SERVER_ADDRESS: address = '127.0.0.1',
    CODEC_SERVER_TOKEN: token,
    CODEC_SERVER_JWKS_URL: jwksUrl,
    CODEC_SERVER_JWT_ISSUER: issuer,
    CODEC_SERVER_JWT_SUBJECTS: subjects,
    CODEC_SERVER_TRUST_PROXY: proxy,
  } = present;
  const problems: string[] = [];
  if (token !== undefined && jwksUrl !== undefined)
    problems.push('CODEC_SERVER_TOKEN: cannot be combined with CODEC_SERVER_JWKS_URL; set one of them');
  if (token === undefined && jwksUrl === undefined) {
    const required = 'CODEC_SERVER_TOKEN: this or CODEC_SERVER_JWKS_URL is required because';
    if (!isLoopback(address)) problems.push(`${required} CODEC_SERVER_ADDRESS is not loopback`);
    else if (proxy !== undefined) problems.push(`${required} CODEC_SERVER_TRUST_PROXY names a proxy`);
  }
  for (const [name, meaning] of [
    ['CODEC_SERVER_JWT_ISSUER', 'the iss claim of its tokens'],
    ['CODEC_SERVER_JWT_AUDIENCE', 'the aud claim of its tokens'],
  ] as const) {
    if (jwksUrl !== undefined && present[name] === undefined)
      problems.push(`${name}: required with CODEC_SERVER_JWKS_URL: ${meaning}`);
  }
  const claims = ['CODEC_SERVER_JWT_ISSUER', 'CODEC_SERVER_JWT_AUDIENCE', 'CODEC_SERVER_JWT_SUBJECTS'];
  if (jwksUrl === undefined)
    for (const name of claims.filter((name) => present[name] !== undefined))
      problems.push(`${name}: has no effect without CODEC_SERVER_JWKS_URL`);
  if (jwksUrl !== undefined && subjects === undefined && isSharedIssuer(issuer))
    problems.push(
      'CODEC_SERVER_JWT_SUBJECTS: required with the Temporal Cloud issuer because all its customers share it: sub claims, separated by commas',
    );
  return problems;
}

function toAccess(values: Values): CodecServerAccess {
  if (values.CODEC_SERVER_TOKEN !== undefined) return { kind: 'token', token: values.CODEC_SERVER_TOKEN };
  const { CODEC_SERVER_JWKS_URL: jwksUrl } = values;
  if (jwksUrl === undefined) return { kind: 'open' };
  return {
    kind: 'jwt',
    jwksUrl: new URL(jwksUrl),
    issuer: values.CODEC_SERVER_JWT_ISSUER ?? '',
    audience: values.CODEC_SERVER_JWT_AUDIENCE ?? '',
    subjects: values.CODEC_SERVER_JWT_SUBJECTS,
  };
}

/** A list separated by commas, of which every entry must pass. */
function listOf(passes: (entry: string) => boolean, form: string) {
  return z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .refine((entries) => entries.every(passes), form)
    .optional();
}

/** Written as a browser writes it, so that the comparison can be exact. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin } = new URL(text);
  return ['https:', 'http:'].includes(protocol) && origin === text && !text.includes('*');
}

function isJwksUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username + password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

/** Whether only this machine can reach `host` or `host:port`. */
function isLoopback(address: string): boolean {
  const host = address.replace(/:\d+$/, '').toLowerCase();
  return host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));
}

function isSharedIssuer(issuer = ''): boolean {
  return URL.canParse(issuer) && new URL(issuer).hostname === SHARED_ISSUER_HOST;
}

function isProxy(text: string): boolean {
  if (NAMED_RANGES.includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
