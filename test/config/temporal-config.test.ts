import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ConfigError } from '../../src/config.js';
import type { Environment } from '../../src/config/environment.js';
import { loadTemporalConfig } from '../../src/config/temporal-config.js';
import { SELF_SIGNED } from '../provider/self-signed.js';

const KEY = 'eyJhbGciOi.SeCrEt-7_x.y=';
const NOWHERE = { XDG_CONFIG_HOME: '/nowhere', HOME: '/nowhere', APPDATA: '/nowhere' };

function problemsOf(env: Environment): string {
  try {
    loadTemporalConfig({ ...NOWHERE, ...env });
    return '';
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    assert.ok(!inspect(error, { depth: 9 }).includes('SeCrEt'), error.message);
    return error.problems.join('\n');
  }
}

describe('the configuration of Temporal', () => {
  for (const [what, [before, after]] of Object.entries({
    nothing: ['', ''],
    'a line end': ['', '\n'],
    'the line end of Windows': ['', '\r\n'],
    spaces: [' ', '\t'],
    'a byte order mark': ['\uFEFF', ''],
    quotes: ['"', '"\n'],
  })) {
    it(`is read with ${what} around every value`, () => {
      const around = (value: string) => `${before}${value}${after}`;
      const { connectionOptions, namespace } = loadTemporalConfig({
        ...NOWHERE,
        TEMPORAL_ADDRESS: around('temporal.example:7233'),
        TEMPORAL_NAMESPACE: around('sms'),
        TEMPORAL_API_KEY: around(KEY),
        TEMPORAL_TLS: around('true'),
        TEMPORAL_TLS_SERVER_NAME: around('other.example'),
        TEMPORAL_TLS_SERVER_CA_CERT_DATA: around(SELF_SIGNED.cert),
        TEMPORAL_GRPC_META_X: around('a b'),
      });
      assert.equal(namespace, 'sms');
      assert.equal(connectionOptions.address, 'temporal.example:7233');
      assert.equal(connectionOptions.apiKey, KEY);
      assert.deepEqual(connectionOptions.metadata, { x: 'a b' });
      const { tls } = connectionOptions;
      assert.ok(typeof tls === 'object');
      assert.equal(tls?.serverNameOverride, 'other.example');
      assert.equal(Buffer.from(tls.serverRootCACertificate ?? '').toString(), SELF_SIGNED.cert);
    });
  }

  it('reads an empty variable as a missing one', () => {
    const { connectionOptions, namespace } = loadTemporalConfig({
      ...NOWHERE,
      TEMPORAL_API_KEY: '',
      TEMPORAL_NAMESPACE: '\n',
      TEMPORAL_TLS: '',
      TEMPORAL_ADDRESS: '""',
    });
    assert.equal(namespace, 'default');
    assert.deepEqual(
      [connectionOptions.apiKey, connectionOptions.tls, connectionOptions.address],
      Array(3).fill(undefined),
    );
  });

  for (const [name, value, problem] of [
    ['TEMPORAL_API_KEY', 'SeCrEt\nTEMPORAL_NAMESPACE=x', /^TEMPORAL_API_KEY: contains a line break/],
    ['TEMPORAL_API_KEY', 'SeCrEt key', /^TEMPORAL_API_KEY, or api_key of the profile: must be visible ASCII/],
    ['TEMPORAL_API_KEY', 'SeCrEté', /^TEMPORAL_API_KEY, or api_key of the profile: must be visible ASCII/],
    ['TEMPORAL_API_KEY', '"SeCrEt', /^TEMPORAL_API_KEY: has a quote at one end/],
    ['TEMPORAL_API_KEY', 'Se\u200BCrEt', /^TEMPORAL_API_KEY: contains an invisible character/],
    ['TEMPORAL_GRPC_META_X', 'SeCrEt\rx', /^TEMPORAL_GRPC_META_X: contains a line break/],
    ['TEMPORAL_GRPC_META_X', 'SeCrEté', /^TEMPORAL_GRPC_META_…/],
    ['TEMPORAL_ADDRESS', 'a.example:7233 b.example', /^TEMPORAL_ADDRESS: must not contain white space/],
    ['TEMPORAL_NAMESPACE', 'a b', /^TEMPORAL_NAMESPACE: must not contain white space/],
    ['TEMPORAL_TLS', 'TRUE', /^TEMPORAL_TLS: must be true or false/],
    ['TEMPORAL_TLS', 'on', /^TEMPORAL_TLS: must be true or false/],
    ['TEMPORAL_TLS_CLIENT_KEY_PATH', '/a\n/b', /^TEMPORAL_TLS_CLIENT_KEY_PATH: contains a line break/],
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0', /^NODE_TLS_REJECT_UNAUTHORIZED: must not be 0/],
  ] as const) {
    it(`refuses ${name}=${JSON.stringify(value)}, without printing it`, () => {
      assert.match(problemsOf({ [name]: value }), problem);
    });
  }

  it('refuses an invalid HTTP header in a profile file, without printing it', () => {
    const directory = mkdtempSync(join(tmpdir(), 'durable-sms-profile-'));
    const TEMPORAL_CONFIG_FILE = join(directory, 'temporal.toml');
    try {
      writeFileSync(TEMPORAL_CONFIG_FILE, '[profile.default]\napi_key = "SeCrEt\\n"\n');
      assert.match(problemsOf({ TEMPORAL_CONFIG_FILE }), /^TEMPORAL_API_KEY, or api_key of the profile/);
      writeFileSync(TEMPORAL_CONFIG_FILE, '[profile.default.grpc_meta]\nx = "SeCrEt\\n"\n');
      assert.match(
        problemsOf({ TEMPORAL_CONFIG_FILE }),
        /^TEMPORAL_GRPC_META_…, or grpc_meta of the profile/,
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
