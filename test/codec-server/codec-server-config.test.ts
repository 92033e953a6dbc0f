import assert from 'node:assert/strict';
import { ConfigError, readCodecServerConfig, type Environment } from '../../src/config.js';

const HEX = 'a1'.repeat(32);
const ENV: Environment = { SMS_PAYLOAD_KEYS: `k1:${HEX}` };
const TOKEN = 'T0ken._~+/-of-more-than-32-characters==';
const JWKS: Environment = {
  CODEC_SERVER_JWKS_URL: 'https://login.example/.well-known/jwks.json',
  CODEC_SERVER_JWT_ISSUER: 'https://login.example/',
  CODEC_SERVER_JWT_AUDIENCE: 'https://codec.example',
};

function problemsOf(env: Environment): readonly string[] {
  try {
    readCodecServerConfig(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
  return [];
}

/** That there is one problem, of this variable. */
function assertProblem(env: Environment, variable: string, form: RegExp): void {
  const problems = problemsOf(env);
  assert.equal(problems.length, 1, problems.join('\n'));
  assert.match(problems[0]!, new RegExp(`^${variable}: `));
  assert.match(problems[0]!, form);
}

describe('the configuration of the codec server', () => {
  it('has the documented defaults', () => {
    assert.deepEqual(readCodecServerConfig(ENV), {
      address: '127.0.0.1:8888',
      payloadKeys: [{ id: 'k1', key: Buffer.from(HEX, 'hex') }],
      origins: [],
      access: { kind: 'open' },
      requestsPerMinute: 600,
      trustedProxies: [],
    });
  });

  it('takes every variable, with a token', () => {
    const config = readCodecServerConfig({
      SMS_PAYLOAD_KEYS: `k2:${'b2'.repeat(32)},k1:${HEX}`,
      CODEC_SERVER_ADDRESS: '0.0.0.0:443',
      CODEC_SERVER_ORIGINS: 'https://temporal.example, http://localhost:8233',
      CODEC_SERVER_TOKEN: TOKEN,
      CODEC_SERVER_REQUESTS_PER_MINUTE: '30',
      CODEC_SERVER_TRUST_PROXY: 'loopback,10.0.0.0/8,::1,fd00::/8',
      SMS_API_KEY_ENCRYPTION_KEY: 'not read',
      LOG_LEVEL: 'not read',
    });
    assert.deepEqual(config.origins, ['https://temporal.example', 'http://localhost:8233']);
    assert.deepEqual(config.access, { kind: 'token', token: TOKEN });
    assert.equal(config.address, '0.0.0.0:443');
    assert.equal(config.requestsPerMinute, 30);
    assert.deepEqual(config.trustedProxies, ['loopback', '10.0.0.0/8', '::1', 'fd00::/8']);
    assert.deepEqual(
      config.payloadKeys.map(({ id }) => id),
      ['k2', 'k1'],
    );
  });

  it('takes an identity provider', () => {
    const { access } = readCodecServerConfig({ ...ENV, ...JWKS, CODEC_SERVER_JWT_SUBJECTS: 'a|1, b|2' });
    assert.deepEqual(access, {
      kind: 'jwt',
      jwksUrl: new URL('https://login.example/.well-known/jwks.json'),
      issuer: 'https://login.example/',
      audience: 'https://codec.example',
      subjects: ['a|1', 'b|2'],
    });
  });

  for (const [variable, { form, values }] of Object.entries<{ form: RegExp; values: string[] }>({
    SMS_PAYLOAD_KEYS: {
      form: /id:key\[,id:key…\].*64 hexadecimal/,
      values: ['k1', `k1:${HEX},`, `k1:${HEX.slice(1)}`],
    },
    CODEC_SERVER_ADDRESS: { form: /host:port/, values: ['8888', '127.0.0.1', '127.0.0.1:65536', ':8888'] },
    CODEC_SERVER_ORIGINS: {
      form: /scheme, host and port, no path, no \*/,
      values: [
        '*',
        'null',
        'temporal.example',
        'https://temporal.example/',
        'https://*.example',
        'https://Temporal.example',
        'https://temporal.example:443',
        'file:///x',
        'https://a.example,',
      ],
    },
    CODEC_SERVER_TOKEN: {
      form: /32 or more/,
      values: ['short', 'x'.repeat(31), `${'x'.repeat(32)} y`, 'é'.repeat(32)],
    },
    CODEC_SERVER_REQUESTS_PER_MINUTE: {
      form: /from 1 to 999999/,
      values: ['0', '-1', '1.5', '1e3', 'many', '1000000'],
    },
    CODEC_SERVER_TRUST_PROXY: {
      form: /IP addresses, CIDR/,
      values: ['1', 'true', 'proxy', '10.0.0.0/33', '::/129', '10.0.0.1/8/8'],
    },
  }))
    for (const value of values)
      it(`refuses ${variable}=${value.slice(0, 30)}, naming the expected form`, () => {
        assertProblem({ ...ENV, CODEC_SERVER_TOKEN: TOKEN, [variable]: value }, variable, form);
      });

  for (const value of [
    'http://login.example/jwks',
    'https://user:secret@login.example/jwks',
    'ftp://localhost/x',
    'jwks',
  ])
    it(`refuses CODEC_SERVER_JWKS_URL=${value}`, () => {
      assertProblem(
        { ...ENV, ...JWKS, CODEC_SERVER_JWKS_URL: value },
        'CODEC_SERVER_JWKS_URL',
        /https.*loopback/,
      );
    });

  it('accepts a key set over http on loopback', () => {
    for (const host of ['localhost:9', '127.0.0.1:9', '[::1]:9'])
      assert.deepEqual(problemsOf({ ...ENV, ...JWKS, CODEC_SERVER_JWKS_URL: `http://${host}/jwks` }), []);
  });

  for (const address of [
    '0.0.0.0:8888',
    '192.0.2.1:8888',
    'codec:8888',
    '127.evil.test:8888',
    '[::]:8888',
    '[::2]:8888',
  ])
    it(`requires a token or an identity provider at ${address}`, () => {
      const env = { ...ENV, CODEC_SERVER_ADDRESS: address };
      assertProblem(
        env,
        'CODEC_SERVER_TOKEN',
        /this or CODEC_SERVER_JWKS_URL is required because .*not loopback/,
      );
      assert.deepEqual(problemsOf({ ...env, CODEC_SERVER_TOKEN: TOKEN }), []);
      assert.deepEqual(problemsOf({ ...env, ...JWKS }), []);
    });

  for (const address of ['127.0.0.1:1', '127.1.2.3:1', 'localhost:1', '[::1]:1'])
    it(`requires neither at ${address}`, () => {
      assert.deepEqual(problemsOf({ ...ENV, CODEC_SERVER_ADDRESS: address }), []);
    });

  it('requires one behind a proxy, even on loopback', () => {
    assertProblem({ ...ENV, CODEC_SERVER_TRUST_PROXY: 'loopback' }, 'CODEC_SERVER_TOKEN', /proxy/);
  });

  it('refuses a token together with an identity provider', () => {
    assertProblem({ ...ENV, ...JWKS, CODEC_SERVER_TOKEN: TOKEN }, 'CODEC_SERVER_TOKEN', /set one of them/);
  });

  it('requires issuer and audience with an identity provider, and refuses them without', () => {
    for (const name of ['CODEC_SERVER_JWT_ISSUER', 'CODEC_SERVER_JWT_AUDIENCE']) {
      assertProblem({ ...ENV, ...JWKS, [name]: '' }, name, /required with CODEC_SERVER_JWKS_URL/);
      assertProblem({ ...ENV, [name]: 'x' }, name, /without CODEC_SERVER_JWKS_URL/);
    }
    assertProblem({ ...ENV, CODEC_SERVER_JWT_SUBJECTS: 'x' }, 'CODEC_SERVER_JWT_SUBJECTS', /without/);
  });

  it('requires subjects with the issuer that all Temporal Cloud customers share', () => {
    const env = { ...ENV, ...JWKS, CODEC_SERVER_JWT_ISSUER: 'https://login.tmprl.cloud/' };
    assertProblem(env, 'CODEC_SERVER_JWT_SUBJECTS', /Temporal Cloud/);
    assert.deepEqual(problemsOf({ ...env, CODEC_SERVER_JWT_SUBJECTS: 'a|1' }), []);
  });

  it('requires payload keys even where payload encryption is off', () => {
    assertProblem({}, 'SMS_PAYLOAD_KEYS', /required: id:key/);
    assertProblem({ SMS_PAYLOAD_ENCRYPTION: 'off' }, 'SMS_PAYLOAD_KEYS', /required: id:key/);
  });

  it('names all problems at once, and prints no value', () => {
    const problems = problemsOf({
      SMS_PAYLOAD_KEYS: 'k1:secret-1',
      CODEC_SERVER_ADDRESS: 'secret-2',
      CODEC_SERVER_ORIGINS: 'secret-3',
      CODEC_SERVER_TOKEN: 'secret-4',
      CODEC_SERVER_JWKS_URL: 'secret-5',
      CODEC_SERVER_REQUESTS_PER_MINUTE: 'secret-6',
      CODEC_SERVER_TRUST_PROXY: 'secret-7',
    });
    const named = new Set(problems.map((problem) => problem.split(':', 1)[0]));
    assert.equal(named.size, 9, problems.join('\n'));
    assert.doesNotMatch(problems.join('\n'), /secret/);
  });
});
