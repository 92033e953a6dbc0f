import { isIP } from 'node:net';
import { userInfo } from 'node:os';
import { createParameterReader, problemOfParameter, type ParameterReader } from './parameters.js';
import { readSearchPath } from './search-path.js';
import { ADDRESS_FORM, AddressError, showName, splitAddress, type SplitAddress } from './split-address.js';
import { readTlsSettings, type TlsSettings } from './tls-settings.js';

/**
 * One server: a socket of this machine, or a host, whose name a certificate is compared with, and
 * where to reach it.
 */
export type DatabaseHost =
  { readonly path: string } | { readonly name: string; readonly address: string; readonly port: number };

/** Which servers will do, as libpq means it. */
const SESSION_ATTRIBUTES = [
  'any',
  'read-write',
  'read-only',
  'primary',
  'standby',
  'prefer-standby',
] as const;
export type SessionAttributes = (typeof SESSION_ATTRIBUTES)[number];

/** All that an address says. */
export interface DatabaseAddress {
  /** At least one; tried in this order, or from a random one on. */
  readonly hosts: readonly DatabaseHost[];
  readonly randomHost: boolean;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: TlsSettings;
  readonly sessionAttributes: SessionAttributes;
  /** Undefined: each program its own. */
  readonly applicationName: string | undefined;
  /** The start-up parameter `options`, which poolers may refuse. */
  readonly options: string | undefined;
  /** As `search_path` takes it; undefined: the role's own. */
  readonly searchPath: string | undefined;
  /** `connection_limit` of Prisma; undefined: no limit but ours. */
  readonly maxConnections: number | undefined;
  /** Undefined: no limit but ours. */
  readonly connectTimeoutMs: number | undefined;
  /** Seconds of silence before TCP asks whether the other side is there; null: never. */
  readonly keepAliveS: number | null;
}

const DEFAULT_PORT = 5432;

/**
 * Reads the address of a PostgreSQL database as hosting companies and ORMs write it. PG… variables,
 * ~/.pgpass and the files of ~/.postgresql are not read: all is in the address.
 *
 * @throws AddressError that names every parameter that cannot be obeyed
 */
export function readAddress(text: string): DatabaseAddress {
  const split = splitAddress(text);
  const reader = createParameterReader(split.parameters);
  refuseParameters(split, reader);
  const hosts = readHosts(split, reader);
  const database = reader.text('dbname') ?? split.database;
  if (hosts.length === 0) reader.problems.push(`${ADDRESS_FORM}; the host is missing`);
  if (database === '') reader.problems.push(`${ADDRESS_FORM}; the database is missing`);
  if (reader.oneOf('gssencmode', ['disable', 'prefer', 'require']) === 'require')
    reader.refuse(
      'gssencmode',
      'cannot be require because the driver does not support Kerberos: set sslmode instead',
    );
  if (!/^(utf-?8|unicode|auto)?$/i.test(reader.text('client_encoding') ?? ''))
    reader.refuse('client_encoding', 'must be UTF8');
  const seconds = reader.whole('connect_timeout', 'seconds') ?? 0;
  const connections = reader.whole('connection_limit', 'connections') ?? 0;
  const address: DatabaseAddress = {
    hosts,
    randomHost: reader.oneOf('load_balance_hosts', ['disable', 'random']) === 'random',
    user: (reader.text('user') ?? split.user) || systemUser(),
    password: reader.text('password') ?? split.password,
    database,
    tls: readTlsSettings(reader),
    sessionAttributes: reader.oneOf('target_session_attrs', SESSION_ATTRIBUTES) ?? 'any',
    applicationName: reader.text('application_name') ?? reader.text('fallback_application_name'),
    options: reader.text('options')?.replaceAll('+', ' '),
    searchPath: readSearchPath(reader),
    maxConnections: connections > 0 ? connections : undefined,
    connectTimeoutMs: seconds > 0 ? seconds * 1000 : undefined,
    keepAliveS: readKeepAlive(reader),
  };
  if (reader.problems.length > 0) throw new AddressError(reader.problems);
  return address;
}

function refuseParameters({ parameters, secretive }: SplitAddress, reader: ParameterReader): void {
  for (const name of parameters.keys()) {
    const problem = problemOfParameter(name);
    if (problem === undefined) continue;
    if (secretive) reader.problems.push(`${ADDRESS_FORM}; check the password for an unencoded ? or @`);
    else reader.problems.push(`${showName(name)} ${problem}`);
  }
}

/**
 * `host`, `hostaddr` and `port` of the query replace those before it, as for libpq: each is a list
 * with an entry for each server.
 */
function readHosts(split: SplitAddress, reader: ParameterReader): DatabaseHost[] {
  const list = (name: string) => reader.text(name)?.split(',');
  const addresses = list('hostaddr') ?? [];
  const own = split.hosts.map(({ host }) => host);
  const names = list('host') ?? (own.length > 0 ? own : addresses);
  const ports = list('port') ?? split.hosts.map(({ port }) => port);
  if (addresses.length > 0 && addresses.length !== names.length)
    reader.refuse('hostaddr', 'must have one entry for each host');
  if (ports.length > 1 && ports.length !== names.length)
    reader.refuse('port', 'must have one entry, or one for each host');
  if (addresses.some((address) => isIP(address) === 0)) reader.refuse('hostaddr', 'must be IP addresses');
  return names.flatMap((name, index): DatabaseHost[] => {
    const written = (ports.length > 1 ? ports[index] : ports[0]) ?? '';
    const port = written === '' ? DEFAULT_PORT : Number(written);
    if (!(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
      reader.problems.push(`${ADDRESS_FORM}; a port must be a number from 1 to 65535`);
      return [];
    }
    const host = name.replace(/^\[(.*)\]$/, '$1');
    if (/^[/@]/.test(host)) return [{ path: socketPath(host, port) }];
    if (host === '' || !/^[^\s/@?#:]+$|^[0-9a-f:.]+(?:%\w+)?$/i.test(host)) {
      reader.problems.push(`${ADDRESS_FORM}; a host must be a name, an IP address or a socket directory`);
      return [];
    }
    return [{ name: host, address: addresses[index] ?? host, port }];
  });
}

/** The file of the socket in its directory; @ stands for Linux's abstract names. */
function socketPath(directory: string, port: number): string {
  if (/\/\.s\.PGSQL\.\d+$/.test(directory)) return directory;
  const path = `${directory.replace(/\/+$/, '')}/.s.PGSQL.${port}`;
  return path.startsWith('@') ? `\0${path.slice(1)}` : path;
}

function readKeepAlive(reader: ParameterReader): number | null {
  if (reader.oneOf('keepalives', ['0', '1']) === '0') return null;
  const seconds = reader.whole('keepalives_idle', 'seconds') ?? 0;
  return seconds > 0 ? seconds : 60;
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user without a name.
    return 'postgres';
  }
}
