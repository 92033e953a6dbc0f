import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates, type SecureVersion } from 'node:tls';
import { omitUndefined } from '../../domain/omit-undefined.js';
import type { ParameterReader } from './parameters.js';

/** How a connection by TCP is protected; sockets of this machine never are, as with libpq. */
export interface TlsSettings {
  /** never; where the server offers it, and without it else; always. */
  readonly use: 'never' | 'offered' | 'always';
  /** Nothing; that an authority at hand issued the certificate; that it is the host's, too. */
  readonly verify: 'nothing' | 'authority' | 'host';
  /** TLS from the first byte, without asking (PostgreSQL 17). */
  readonly direct: boolean;
  readonly serverName: boolean;
  readonly ca?: readonly string[];
  readonly crl?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
}

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'] as const;
type Mode = (typeof MODES)[number];

/**
 * libpq takes ssl=true, of JDBC, for sslmode=require; libraries of JavaScript have the other
 * values.
 */
const SSL_MODES: Readonly<Record<string, Mode>> = {
  true: 'require',
  1: 'require',
  on: 'require',
  false: 'disable',
  0: 'disable',
  off: 'disable',
};

const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** Where systems keep the authorities that they trust: Debian, Red Hat, SUSE, Alpine and macOS. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * What `sslmode` and its companions say, as libpq means it (PostgreSQL documentation, "SSL
 * Support"), but for three things: `allow` is `prefer`; without `sslrootcert`, `verify-full` trusts
 * the authorities of the system; and as the driver has no channel binding,
 * `channel_binding=require` verifies the host's certificate, which proves the same.
 */
export function readTlsSettings(reader: ParameterReader): TlsSettings {
  const rootFile = reader.text('sslrootcert');
  const bound = reader.oneOf('channel_binding', ['disable', 'prefer', 'require']) === 'require';
  const given = readMode(reader);
  const mode = given ?? (rootFile === 'system' ? 'verify-full' : 'prefer');
  const direct = reader.oneOf('sslnegotiation', ['postgres', 'direct']) === 'direct';
  const accept = reader.oneOf('sslaccept', ['strict', 'accept_invalid_certs']);
  const verify = verificationOf(mode, { rootFile, full: bound || accept === 'strict' });
  refuseContradictions(reader, { mode, rootFile, bound, direct, accept, verify });
  const useOf = { disable: 'never', allow: 'offered', prefer: 'offered' } as const;
  const asked = mode in useOf ? useOf[mode as keyof typeof useOf] : 'always';
  const minVersion = reader.oneOf('ssl_min_protocol_version', VERSIONS);
  const maxVersion = reader.oneOf('ssl_max_protocol_version', VERSIONS);
  const ca = verify === 'nothing' ? undefined : readAuthorities(reader, rootFile);
  const crl = readPem(reader, 'sslcrl', /-----BEGIN X509 CRL-----/);
  return {
    use: verify === 'nothing' ? asked : 'always',
    verify,
    direct,
    serverName: reader.oneOf('sslsni', ['0', '1']) !== '0',
    ...omitUndefined({ ca, crl, minVersion, maxVersion }),
    ...readClientCertificate(reader),
  };
}

function readMode(reader: ParameterReader): Mode | undefined {
  const mode = reader.oneOf('sslmode', MODES);
  const ssl = reader.text('ssl');
  if (mode !== undefined || ssl === undefined) return mode;
  const known = SSL_MODES[ssl] ?? MODES.find((one) => one === ssl);
  if (known === undefined) reader.refuse('ssl', `is not supported: use sslmode, one of ${MODES.join(', ')}`);
  return known;
}

function verificationOf(
  mode: Mode,
  { rootFile, full }: { rootFile: string | undefined; full: boolean },
): TlsSettings['verify'] {
  if (mode === 'verify-full' || full) return 'host';
  // As libpq: a named authority is meant to be used.
  return mode === 'verify-ca' || (mode === 'require' && rootFile !== undefined) ? 'authority' : 'nothing';
}

function refuseContradictions(
  reader: ParameterReader,
  settings: {
    mode: Mode;
    rootFile: string | undefined;
    bound: boolean;
    direct: boolean;
    accept: 'strict' | 'accept_invalid_certs' | undefined;
    verify: TlsSettings['verify'];
  },
): void {
  const { mode, rootFile, bound, direct, accept, verify } = settings;
  const verified = 'require, verify-ca or verify-full';
  if (bound && mode === 'disable') reader.refuse('channel_binding', 'requires TLS, but sslmode is disable');
  if (direct && ['disable', 'allow', 'prefer'].includes(mode) && verify === 'nothing')
    reader.refuse('sslnegotiation', `requires sslmode=${verified}`);
  if (rootFile !== undefined && ['allow', 'prefer'].includes(mode) && verify === 'nothing')
    reader.refuse('sslrootcert', `has no effect without sslmode=${verified}`);
  if (rootFile === 'system' && verify !== 'host' && mode !== 'disable')
    reader.refuse('sslrootcert', 'can be system only with sslmode=verify-full, as in libpq');
  if (rootFile === undefined && mode === 'verify-ca' && verify === 'authority')
    reader.refuse('sslmode', 'can be verify-ca only with sslrootcert, the file of the certificate authority');
  if (accept === 'accept_invalid_certs' && verify !== 'nothing')
    reader.refuse('sslaccept', 'contradicts sslmode, sslrootcert or channel_binding: remove one');
  if (accept === 'strict' && mode === 'disable')
    reader.refuse('sslaccept', 'requires TLS, but sslmode is disable');
}

function readAuthorities(reader: ParameterReader, file: string | undefined): readonly string[] | undefined {
  if (file === undefined || file === 'system') return systemAuthorities();
  const pem = readPem(reader, 'sslrootcert', /-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/);
  return pem === undefined ? undefined : [pem];
}

/**
 * The authorities of the system (from SSL_CERT_FILE if that is set, as for OpenSSL), and the ones
 * that come with Node.
 */
function systemAuthorities(): string[] {
  const { SSL_CERT_FILE, NODE_EXTRA_CA_CERTS } = process.env;
  const bundles = SSL_CERT_FILE ? [SSL_CERT_FILE] : SYSTEM_BUNDLES;
  const found = bundles.map(readIfThere).find((pem) => pem !== undefined);
  const further = NODE_EXTRA_CA_CERTS ? readIfThere(NODE_EXTRA_CA_CERTS) : undefined;
  return [...rootCertificates, ...[found, further].filter((pem) => pem !== undefined)];
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function readClientCertificate(reader: ParameterReader): Partial<TlsSettings> {
  if (reader.oneOf('sslcertmode', ['disable', 'allow', 'require']) === 'disable') return {};
  const [certFile, keyFile] = [reader.text('sslcert'), reader.text('sslkey')];
  if (certFile === undefined && keyFile === undefined) {
    if (reader.text('sslcertmode') === 'require') reader.refuse('sslcertmode', 'requires sslcert and sslkey');
    return {};
  }
  if (certFile === undefined) reader.refuse('sslkey', 'requires sslcert, its certificate');
  if (keyFile === undefined)
    reader.refuse(
      'sslcert',
      'requires sslkey; unlike in Prisma, the certificate authority of the server is sslrootcert',
    );
  const cert = readPem(reader, 'sslcert', /-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/);
  const key = readPem(reader, 'sslkey', /-----BEGIN [A-Z ]*PRIVATE KEY-----/);
  if (cert === undefined || key === undefined) return {};
  const passphrase = reader.text('sslpassword');
  const pair = omitUndefined({ cert, key, passphrase });
  try {
    createSecureContext(pair);
  } catch {
    reader.refuse('sslkey', 'does not match sslcert, or cannot be decrypted with sslpassword');
  }
  return pair;
}

function readPem(reader: ParameterReader, name: string, form: RegExp): string | undefined {
  const file = reader.text(name);
  if (file === undefined) return undefined;
  const pem = readIfThere(file);
  if (pem === undefined) reader.refuse(name, 'names a file that cannot be read');
  else if (!form.test(pem) || !isWellFormed(pem)) reader.refuse(name, 'must name a PEM file');
  else return pem;
  return undefined;
}

/** Node accepts a value that is not a certificate without an error, and then trusts no server. */
function isWellFormed(pem: string): boolean {
  if (!pem.includes('CERTIFICATE-----')) return true;
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}
