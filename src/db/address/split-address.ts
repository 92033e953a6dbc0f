/** The form that every problem of an address as a whole names. */
export const ADDRESS_FORM =
  'must be postgres://user:password@host:port/database, special characters percent-encoded';

/** What is wrong with an address: sentences that hold none of it, but for names of parameters. */
export class AddressError extends Error {
  override readonly name = 'AddressError';

  constructor(readonly problems: readonly string[]) {
    super(problems.join('; '));
  }
}

/** One place to connect to, as it is written: host and port, either of which may be missing. */
export interface WrittenHost {
  readonly host: string;
  readonly port: string;
}

/** The parts of an address, decoded; what is not there is empty. */
export interface SplitAddress {
  readonly user: string;
  readonly password: string;
  readonly hosts: readonly WrittenHost[];
  readonly database: string;
  /** Of parameters that are given twice, the last counts, as for libpq. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The query holds an @, which may be the end of a password: its names are not to be shown. */
  readonly secretive: boolean;
}

/**
 * Splits an address as libpq does (PostgreSQL documentation, "Connection URIs"). `URL` of
 * JavaScript takes neither several hosts nor an encoded socket directory, and cuts a password at #
 * and ?.
 *
 * @throws AddressError
 */
export function splitAddress(text: string): SplitAddress {
  const [, scheme = '', rest = ''] = /^([A-Za-z][A-Za-z0-9+.:-]*):\/\/([^]*)$/.exec(text) ?? [];
  if (!/^postgres(ql)?$/i.test(scheme)) throw new AddressError([problemOfScheme(text)]);
  const slash = rest.indexOf('/');
  const front = slash === -1 ? rest : rest.slice(0, slash);
  const at = endOfUserinfo(front);
  const [userinfo, afterUserinfo] = at === -1 ? ['', rest] : [rest.slice(0, at), rest.slice(at + 1)];
  const question = afterUserinfo.indexOf('?');
  const place = question === -1 ? afterUserinfo : afterUserinfo.slice(0, question);
  const query = question === -1 ? '' : afterUserinfo.slice(question + 1);
  const [, hosts = '', database = ''] = /^([^/]*)(?:\/([^]*))?$/.exec(place) ?? [];
  // The rest of a password with a slash in it.
  if (database.includes('@')) throw new AddressError([ADDRESS_FORM]);
  const [, user = '', password = ''] = /^([^:]*)(?::([^]*))?$/.exec(userinfo) ?? [];
  const secretive = query.includes('@');
  return {
    user: decode(user, 'user'),
    password: decode(password, 'password'),
    hosts: hosts === '' ? [] : hosts.split(',').map(splitHost),
    database: decode(database, 'database'),
    parameters: splitQuery(query, secretive),
    secretive,
  };
}

/**
 * The @ behind user and password: the last one before a query; a password may hold an @, and with
 * libpq a ?, too.
 */
function endOfUserinfo(front: string): number {
  const question = front.indexOf('?');
  const at = (question === -1 ? front : front.slice(0, question)).lastIndexOf('@');
  return at === -1 ? front.indexOf('@') : at;
}

function splitHost(written: string): WrittenHost {
  const [, v6, v6Port] = /^\[([^\]]*)\](?::(\d*))?$/.exec(written) ?? [];
  if (v6 !== undefined) return { host: v6, port: v6Port ?? '' };
  const [, host, port] = /^([^:[\]@]*)(?::(\d*))?$/.exec(written) ?? [];
  if (host === undefined) throw new AddressError([ADDRESS_FORM]);
  return { host: decode(host, 'host'), port: port ?? '' };
}

function splitQuery(query: string, secretive: boolean): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of query === '' ? [] : query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    if (equals < 1) throw new AddressError(['every parameter behind the ? must be name=value']);
    const name = decode(pair.slice(0, equals), 'name of a parameter');
    const what = `value of ${secretive ? 'a parameter' : showName(name)}`;
    parameters.set(name, decode(pair.slice(equals + 1).replaceAll('+', '%20'), what));
  }
  return parameters;
}

/** A name as it may be shown: what looks like no parameter may be a piece of a password. */
export function showName(name: string): string {
  return /^[a-z]+(?:_[a-z]+){0,5}$/i.test(name) && name.length <= 40
    ? `the parameter ${name}`
    : 'a parameter';
}

function decode(text: string, what: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    const problem = /%(?![0-9A-Fa-f]{2})/.test(text)
      ? `the ${what} contains a % that does not start a percent-encoding: write it as %25`
      : `the ${what} is percent-encoded, but not as UTF-8: é, for example, is %C3%A9`;
    throw new AddressError([`${ADDRESS_FORM}; ${problem}`]);
  }
  if (decoded.includes('\0')) throw new AddressError([`${ADDRESS_FORM}; the ${what} contains a zero byte`]);
  return decoded;
}

/** What people have at hand instead, and what to do with it. */
function problemOfScheme(text: string): string {
  if (/^postgres(ql)?\+\w+:\/\//i.test(text))
    return `${ADDRESS_FORM}; remove the driver between "postgresql" and "://"`;
  if (/^jdbc:/i.test(text)) return `${ADDRESS_FORM}; this is a JDBC URL`;
  if (/^prisma(\+postgres)?:\/\//i.test(text))
    return `${ADDRESS_FORM}; this is a Prisma Accelerate URL: use the URL of the database itself`;
  if (/^psql\s/.test(text)) return `${ADDRESS_FORM}; remove the psql command and the quotes`;
  if (/\bhost(addr)?\s*=/.test(text)) return `${ADDRESS_FORM}; the form "host=… dbname=…" is not supported`;
  return ADDRESS_FORM;
}
