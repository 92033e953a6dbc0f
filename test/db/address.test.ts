import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readAddress } from '../../src/db/address/read-address.js';
import { AddressError } from '../../src/db/address/split-address.js';
import { SELF_SIGNED } from '../provider/self-signed.js';

function problemsOf(text: string): string {
  try {
    readAddress(text);
    return '';
  } catch (error) {
    assert.ok(error instanceof AddressError, String(error));
    assert.equal(error.cause, undefined);
    return error.problems.join('\n');
  }
}

const tcp = (name: string, port = 5432, address = name) => ({ name, address, port });

describe('an address of PostgreSQL', () => {
  const READ: [string, Partial<ReturnType<typeof readAddress>>][] = [
    ['postgres://u:p@h:1/d', { user: 'u', password: 'p', hosts: [tcp('h', 1)], database: 'd' }],
    ['postgresql://u@h/d', { user: 'u', password: '', hosts: [tcp('h')] }],
    ['POSTGRES://u@h/d', { user: 'u' }],
    ['postgres://u:p%40%3A%2F%C3%A9@h/d%20e', { password: 'p@:/é', database: 'd e' }],
    // As libpq, and other than WHATWG, which would end the address there.
    ['postgres://u:p#q@h/d', { password: 'p#q', hosts: [tcp('h')] }],
    ['postgres://u:p?q@h/d', { password: 'p?q', hosts: [tcp('h')] }],
    ['postgres://u:p@q@h/d', { password: 'p@q', hosts: [tcp('h')] }],
    ['postgres://u:p:q@h/d', { password: 'p:q' }],
    ['postgres://u:p@[::1]/d', { hosts: [tcp('::1')] }],
    ['postgres://u:p@[2001:db8::1]:6543/d', { hosts: [tcp('2001:db8::1', 6543)] }],
    ['postgres://u:p@a:1,[::1]:2,c/d', { hosts: [tcp('a', 1), tcp('::1', 2), tcp('c')] }],
    ['postgres://u:p@/d?host=a,b&port=1,2', { hosts: [tcp('a', 1), tcp('b', 2)] }],
    ['postgres://u:p@/d?host=a,b&port=7', { hosts: [tcp('a', 7), tcp('b', 7)] }],
    ['postgres://u:p@h/d?hostaddr=192.0.2.1', { hosts: [tcp('h', 5432, '192.0.2.1')] }],
    ['postgres://u:p@/d?hostaddr=192.0.2.1', { hosts: [tcp('192.0.2.1')] }],
    ['postgres://u:p@%2Frun%2Fpg/d', { hosts: [{ path: '/run/pg/.s.PGSQL.5432' }] }],
    ['postgres://u:p@%2Frun%2Fpg:6/d', { hosts: [{ path: '/run/pg/.s.PGSQL.6' }] }],
    [
      'postgres://u:p@localhost/d?host=/cloudsql/project:europe-west1:web',
      { hosts: [{ path: '/cloudsql/project:europe-west1:web/.s.PGSQL.5432' }] },
    ],
    ['postgres://u:p@localhost:6/d?host=%2Frun%2Fpg%2F', { hosts: [{ path: '/run/pg/.s.PGSQL.6' }] }],
    ['postgres://u:p@/d?host=/run/.s.PGSQL.9', { hosts: [{ path: '/run/.s.PGSQL.9' }] }],
    ['postgres://u:p@/d?host=@web', { hosts: [{ path: '\0web/.s.PGSQL.5432' }] }],
    ['postgres:///?host=h&user=u&password=p%2B&dbname=d', { user: 'u', password: 'p+', database: 'd' }],
    // Azure's old servers want user@server.
    ['postgres://u%40server:p@h/d?user=u@server', { user: 'u@server' }],
    ['postgres://u:p@h/d?schema=a"b', { searchPath: '"a""b"' }],
    ['postgres://u:p@h/d?currentSchema=a,b', { searchPath: 'a,b' }],
    ['postgres://u:p@h/d?schema=', { searchPath: undefined }],
    ['postgres://u:p@h/d?options=endpoint%3Dep-cool', { options: 'endpoint=ep-cool' }],
    ['postgres://u:p@h/d?options=-c+search_path%3Dx', { options: '-c search_path=x' }],
    ['postgres://u:p@h/d?connect_timeout=1', { connectTimeoutMs: 1000 }],
    ['postgres://u:p@h/d?connect_timeout=0', { connectTimeoutMs: undefined }],
    ['postgres://u:p@h/d?connection_limit=3', { maxConnections: 3 }],
    ['postgres://u:p@h/d?keepalives=0', { keepAliveS: null }],
    ['postgres://u:p@h/d?keepalives_idle=20', { keepAliveS: 20 }],
    ['postgres://u:p@h/d?target_session_attrs=primary', { sessionAttributes: 'primary' }],
  ];
  for (const [text, expected] of READ) {
    it(`is read: ${text}`, () => {
      const address = readAddress(text);
      for (const [name, value] of Object.entries(expected))
        assert.deepEqual(address[name as keyof typeof address], value, name);
    });
  }

  const TLS: [string, ReturnType<typeof readAddress>['tls']['use'], 'nothing' | 'authority' | 'host'][] = [
    ['', 'offered', 'nothing'],
    ['sslmode=disable', 'never', 'nothing'],
    ['sslmode=disable&sslrootcert=system', 'never', 'nothing'],
    ['sslmode=allow', 'offered', 'nothing'],
    ['sslmode=prefer', 'offered', 'nothing'],
    ['sslmode=require', 'always', 'nothing'],
    ['sslmode=no-verify', 'always', 'nothing'],
    ['sslmode=verify-full', 'always', 'host'],
    ['sslrootcert=system', 'always', 'host'],
    ['ssl=true', 'always', 'nothing'],
    ['ssl=require', 'always', 'nothing'],
    ['ssl=false', 'never', 'nothing'],
    ['ssl=true&sslmode=verify-full', 'always', 'host'],
    ['channel_binding=prefer', 'offered', 'nothing'],
    ['sslmode=require&channel_binding=require', 'always', 'host'],
    ['sslmode=require&sslaccept=accept_invalid_certs', 'always', 'nothing'],
    ['sslmode=prefer&sslaccept=strict', 'always', 'host'],
  ];
  for (const [query, use, verify] of TLS) {
    it(`reads TLS from ?${query}: ${use}, verifying ${verify}`, () => {
      const { tls } = readAddress(`postgres://u:p@h/d?${query}`);
      assert.deepEqual([tls.use, tls.verify], [use, verify]);
    });
  }

  const FORM = /^must be postgres:\/\/user:password@host:port\/database, special characters percent-encoded/;
  const REFUSED: [string, RegExp][] = [
    ['web', FORM],
    ['postgres:', FORM],
    ['postgres://', /the host is missing\n.*the database is missing/],
    ['postgres:///d', /the host is missing/],
    ['postgres://u:p@h', /the database is missing/],
    ['postgres://u:p@h/', /the database is missing/],
    ['postgresql+psycopg2://u:p@h/d', /remove the driver/],
    ['jdbc:postgresql://h/d', /JDBC/],
    ['prisma+postgres://accelerate.example/?api_key=x', /Accelerate/],
    ["psql 'postgres://u:p@h/d'", /remove the psql command/],
    ['host=h dbname=d password=p', /"host=… dbname=…" is not supported/],
    ['postgres://u:%E9@h/d', /the password is percent-encoded, but not as UTF-8/],
    ['postgres://%FF:p@h/d', /the user is percent-encoded, but not as UTF-8/],
    [
      'postgres://u:p%@h/d',
      /the password contains a % that does not start a percent-encoding: write it as %25/,
    ],
    ['postgres://u:p%00@h/d', /zero byte/],
    ['postgres://u:p/q@h/d', FORM],
    ['postgres://u:1/q@h/d', FORM],
    ['postgres://u:p@h:x/d', FORM],
    ['postgres://u:p@h:70000/d', /a port must be a number from 1 to 65535/],
    ['postgres://u:p@h:0/d', /a port must be a number/],
    ['postgres://u:p@::1/d', FORM],
    ['postgres://u:p@a,b/d?port=1,2,3', /the parameter port must have one entry/],
    ['postgres://u:p@h/d?hostaddr=elsewhere', /the parameter hostaddr must be IP addresses/],
    ['postgres://u:p@h/d?foo=bar', /the parameter foo is unknown: remove it/],
    ['postgres://u:p@h/d?foo', /name=value/],
    ['postgres://u:p@h/d?passfile=/x', /the parameter passfile is not supported: put the password into/],
    ['postgres://u:p@h/d?service=x', /the parameter service is not supported: put host and database into/],
    ['postgres://u:p@h/d?gssencmode=require', /the parameter gssencmode cannot be require/],
    ['postgres://u:p@h/d?gssencmode=x', /the parameter gssencmode must be one of disable, prefer, require/],
    ['postgres://u:p@h/d?target_session_attrs=x', /target_session_attrs must be one of any, read-write/],
    ['postgres://u:p@h/d?client_encoding=LATIN1', /the parameter client_encoding must be UTF8/],
    ['postgres://u:p@h/d?connect_timeout=soon', /connect_timeout must be a whole number of seconds/],
    ['postgres://u:p@h/d?sslmode=full', /the parameter sslmode must be one of disable, allow, prefer/],
    ['postgres://u:p@h/d?ssl={"a":1}', /the parameter ssl is not supported: use sslmode/],
    ['postgres://u:p@h/d?sslmode=verify-ca', /sslmode can be verify-ca only with sslrootcert/],
    [
      'postgres://u:p@h/d?sslmode=require&sslrootcert=system',
      /sslrootcert can be system only with sslmode=verify-full/,
    ],
    [
      'postgres://u:p@h/d?sslmode=require&sslrootcert=/nowhere',
      /sslrootcert names a file that cannot be read/,
    ],
    ['postgres://u:p@h/d?sslrootcert=/nowhere', /sslrootcert has no effect without sslmode=require/],
    ['postgres://u:p@h/d?sslmode=disable&channel_binding=require', /channel_binding requires TLS/],
    ['postgres://u:p@h/d?sslnegotiation=direct', /sslnegotiation requires sslmode=require/],
    [
      'postgres://u:p@h/d?sslmode=require&sslcert=/a.pem',
      /sslcert requires sslkey; .*the certificate authority of the server is sslrootcert/,
    ],
    ['postgres://u:p@h/d?sslmode=require&sslkey=/a.pem', /sslkey requires sslcert/],
    [
      'postgres://u:p@h/d?sslidentity=client.p12',
      /sslidentity is not supported: use sslcert and sslkey with PEM files/,
    ],
    ['postgres://u:p@h/d?sslmode=verify-full&sslaccept=accept_invalid_certs', /sslaccept contradicts/],
    ['postgres://u:p@h/d?require_auth=scram-sha-256', /require_auth is not supported/],
  ];
  for (const [text, problem] of REFUSED) {
    it(`is refused: ${text}`, () => {
      assert.match(problemsOf(text), problem);
    });
  }

  it('is refused with all unsupported parameters named at once', () => {
    const problems = problemsOf('postgres://u:p@h/d?foo=1&sslmode=x&service=y&target_session_attrs=z');
    for (const name of ['foo', 'sslmode', 'service', 'target_session_attrs'])
      assert.match(problems, new RegExp(`the parameter ${name} `));
  });

  it('is refused with an invalid certificate file, or with another certificate’s key', () => {
    const directory = mkdtempSync(join(tmpdir(), 'durable-sms-address-'));
    const file = (name: string, text: string) => {
      writeFileSync(join(directory, name), text);
      return join(directory, name);
    };
    const encoded = (text: string) => encodeURIComponent(text);
    try {
      const cert = file('cert.pem', SELF_SIGNED.cert);
      const key = file('key.pem', SELF_SIGNED.key);
      const garbage = file(
        'garbage.pem',
        '-----BEGIN CERTIFICATE-----\nnot base64 secret\n-----END CERTIFICATE-----',
      );
      const at = (query: string) => `postgres://u:p@h/d?sslmode=require&${query}`;
      assert.equal(
        problemsOf(at(`sslrootcert=${encoded(cert)}&sslcert=${encoded(cert)}&sslkey=${encoded(key)}`)),
        '',
      );
      assert.match(problemsOf(at(`sslrootcert=${encoded(garbage)}`)), /sslrootcert must name a PEM file$/);
      assert.match(problemsOf(at(`sslrootcert=${encoded(key)}`)), /sslrootcert must name a PEM file$/);
      const other = file(
        'other.pem',
        SELF_SIGNED.key.replace(/MIGHAgEA[^\n]*/, (line) => line.toLowerCase()),
      );
      assert.match(
        problemsOf(at(`sslcert=${encoded(cert)}&sslkey=${encoded(other)}`)),
        /sslkey does not match/,
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('exposes none of its parts, wherever a character was not encoded', () => {
    const secret = 'SeCrEt';
    const piece = fc.constantFrom(
      '@',
      '/',
      '?',
      '#',
      ':',
      '%',
      '=',
      '&',
      '[',
      '%E9',
      ' ',
      'a',
      '\n',
      ',',
      '"',
    );
    const password = fc
      .tuple(fc.array(piece), fc.array(piece))
      .map(([a, b]) => a.join('') + secret + b.join(''));
    fc.assert(
      fc.property(password, fc.constantFrom('', '?sslmode=require', '?foo=1'), (text, query) => {
        for (const address of [`postgres://u:${text}@h:5432/d${query}`, text]) {
          assert.ok(!problemsOf(address).includes(secret), problemsOf(address));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
