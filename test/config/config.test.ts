import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  ConfigError,
  readClientConfig,
  readRekeyConfig,
  readSetKeyConfig,
  readWorkerConfig,
  type Environment,
} from '../../src/config.js';

const HEX = 'a1'.repeat(32);
const OTHER_HEX = 'b2'.repeat(32);
const HEX_FORM = /64 hexadecimal characters/;
const ENV: Environment = {
  DATABASE_URL: 'postgres://worker:secret@db.example:5432/web',
  SMS_API_KEY_ENCRYPTION_KEY: HEX,
  SMS_PAYLOAD_KEYS: `k1:${HEX}`,
};

/** The other variables, with a value each. */
const FULL: Environment = {
  SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: OTHER_HEX,
  SMSMOBILEAPI_URL: 'https://sms.example/base/',
  SMS_PAYLOAD_ENCRYPTION: 'on',
  SMS_REQUIRE_ENCRYPTED: 'on',
  SMS_TASK_QUEUE: 'other',
  SMS_WORKER_DEPLOYMENT: 'sms',
  SMS_WORKER_BUILD_ID: '1.2',
  LOG_LEVEL: 'debug',
  LOG_FORMAT: 'pretty',
  METRICS_ADDRESS: '0.0.0.0:9464',
  METRICS_HELD_INTERVAL_MS: '5000',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
  OTEL_SERVICE_NAME: 'sms-worker',
  HEALTH_ADDRESS: '[::1]:8080',
};

function problemsOf(read: (env: Environment) => unknown, env: Environment): readonly string[] {
  try {
    read(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    for (const problem of error.problems) assert.ok(error.message.includes(problem));
    return error.problems;
  }
  return [];
}

describe('the configuration of the worker', () => {
  it('has the documented defaults', () => {
    assert.deepEqual(readWorkerConfig(ENV), {
      databaseUrl: ENV['DATABASE_URL'],
      encryptionKeys: [HEX],
      payloadKeys: [{ id: 'k1', key: Buffer.from(HEX, 'hex') }],
      providerUrl: 'https://api.smsmobileapi.com',
      policies: true,
      optOutReply: undefined,
      requireEncrypted: false,
      taskQueue: 'sms',
      logLevel: 'info',
      logFormat: undefined,
      metricsAddress: undefined,
      heldIntervalMs: 30_000,
      traces: undefined,
      healthAddress: undefined,
      deployment: undefined,
    });
  });

  it('takes every variable', () => {
    const config = readWorkerConfig({
      ...ENV,
      SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: OTHER_HEX,
      SMS_PAYLOAD_KEYS: `k2:${OTHER_HEX},k1:${HEX}`,
      SMSMOBILEAPI_URL: 'https://sms.example/base/',
      SMS_REQUIRE_ENCRYPTED: 'on',
      SMS_TASK_QUEUE: 'other',
      LOG_LEVEL: 'debug',
      LOG_FORMAT: 'pretty',
      METRICS_ADDRESS: '0.0.0.0:9464',
      METRICS_HELD_INTERVAL_MS: '5000',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OTEL_SERVICE_NAME: 'sms-worker',
      HEALTH_ADDRESS: '[::1]:8080',
      UNRELATED: 'x',
    });
    assert.deepEqual(config.encryptionKeys, [HEX, OTHER_HEX]);
    assert.deepEqual(
      config.payloadKeys.map(({ id }) => id),
      ['k2', 'k1'],
    );
    assert.equal(config.providerUrl, 'https://sms.example/base/');
    assert.equal(config.requireEncrypted, true);
    assert.equal(config.taskQueue, 'other');
    assert.equal(config.logLevel, 'debug');
    assert.equal(config.logFormat, 'pretty');
    assert.equal(config.metricsAddress, '0.0.0.0:9464');
    assert.equal(config.heldIntervalMs, 5_000);
    assert.deepEqual(config.traces, { serviceName: 'sms-worker' });
    assert.equal(config.healthAddress, '[::1]:8080');
  });

  const KEYS_FORM = /id:key\[,id:key…\].*64 hexadecimal characters/;
  const POSTGRES_FORM = /postgres:\/\/user:password@host:port\/database/;
  const PROVIDER_FORM = /https URL/;
  const ADDRESS_FORM = /host:port/;
  /** Each malformed form of a variable, and the form that the problem has to name. */
  const MALFORMED: Record<string, { form: RegExp; values: string[] }> = {
    DATABASE_URL: {
      form: POSTGRES_FORM,
      values: [
        'web',
        'mysql://u:p@h:1/d',
        'https://db.example',
        'postgres:',
        'postgres://',
        'db.example:5432',
      ],
    },
    SMS_API_KEY_ENCRYPTION_KEY: {
      form: HEX_FORM,
      values: ['x', HEX.slice(1), `${HEX}a`, `${HEX.slice(1)} 1`],
    },
    SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: { form: HEX_FORM, values: ['x', HEX.slice(1), `0x${HEX.slice(2)}`] },
    SMS_PAYLOAD_KEYS: {
      form: KEYS_FORM,
      values: ['x', HEX, `k1:${HEX.slice(1)}`, `k1:${HEX},k2`, `k1:${HEX};k2:${HEX}`],
    },
    SMS_PAYLOAD_ENCRYPTION: { form: /on or off/, values: ['true', 'OFF', '0', 'yes'] },
    SMSMOBILEAPI_URL: {
      form: PROVIDER_FORM,
      values: [
        'api.example',
        'ftp://api.example',
        'http://api.example',
        'http://127.0.0.1.example',
        'http://10.0.0.1',
        'https://user@api.example',
        'https://user:pass@api.example',
        'https://api.example/?apikey=x',
        'https://api.example/#x',
      ],
    },
    LOG_LEVEL: { form: /trace, debug, info, warn, error, fatal, silent/, values: ['INFO', 'verbose', '30'] },
    METRICS_ADDRESS: {
      form: /host:port|IP:port/,
      values: ['9464', ':9464', 'host', 'host:', 'a b:1', 'host:99999', 'localhost:9464', '1.2.3.4:99999'],
    },
    LOG_FORMAT: { form: /json or pretty/, values: ['JSON', 'text'] },
    METRICS_HELD_INTERVAL_MS: {
      form: /milliseconds from 1000 to 3600000/,
      values: ['999', '3600001', '30s', '1e4', '-5000', '05000x'],
    },
    OTEL_EXPORTER_OTLP_ENDPOINT: {
      form: /http or https URL/,
      values: ['collector:4318', 'grpc://collector:4317', 'localhost'],
    },
    HEALTH_ADDRESS: {
      form: ADDRESS_FORM,
      values: ['on', 'http://h:1', '::1:80', 'h:1/x', '127.0.0.1:70000'],
    },
  };
  for (const [name, { form, values }] of Object.entries(MALFORMED)) {
    for (const value of values) {
      it(`refuses ${name}=${JSON.stringify(value).slice(0, 40)}, naming the variable and the expected form`, () => {
        const problems = problemsOf(readWorkerConfig, { ...ENV, [name]: value });
        assert.ok(problems.length > 0, 'it was taken');
        for (const problem of problems) {
          assert.ok(problem.startsWith(`${name}: `), problem);
          assert.match(problem, form);
        }
      });
    }
  }

  for (const url of [
    'http://localhost:3000',
    'http://127.0.0.1:1',
    'http://[::1]:1/x',
    'https://api.example',
  ]) {
    it(`accepts ${url} as the address of the provider`, () => {
      assert.equal(readWorkerConfig({ ...ENV, SMSMOBILEAPI_URL: url }).providerUrl, url);
    });
  }

  for (const name of Object.keys(ENV)) {
    for (const value of [undefined, '']) {
      it(`refuses ${name} ${value === '' ? 'empty' : 'missing'}, naming the expected form`, () => {
        const [problem = '', ...others] = problemsOf(readWorkerConfig, { ...ENV, [name]: value });
        assert.match(problem, new RegExp(`^${name}: required`));
        assert.match(problem, name === 'DATABASE_URL' ? POSTGRES_FORM : HEX_FORM);
        assert.deepEqual(others, []);
      });
    }
  }

  it('reads an empty optional variable as a missing one', () => {
    const empty = Object.fromEntries(
      [...Object.keys(MALFORMED), 'SMS_TASK_QUEUE']
        .filter((name) => !(name in ENV))
        .map((name) => [name, '']),
    );
    assert.deepEqual(readWorkerConfig({ ...ENV, ...empty }), readWorkerConfig(ENV));
  });

  for (const [around, [before, after]] of Object.entries({
    'a line end': ['', '\n'],
    'the line end of Windows': ['', '\r\n'],
    'white space': [' \t', ' \u00A0'],
    'a byte order mark': ['\uFEFF', ''],
    quotes: ['"', '"'],
    'quotes and a line end': ["'", "'\r"],
  })) {
    it(`takes every variable with ${around} around it`, () => {
      const env = { ...ENV, ...FULL };
      const wrapped = Object.fromEntries(
        Object.entries(env).map(([name, value]) => [name, `${before}${value ?? ''}${after}`]),
      );
      assert.deepEqual(readWorkerConfig(wrapped), readWorkerConfig(env));
    });
  }

  for (const [what, inside] of Object.entries({
    'line end': '\n',
    'carriage return': '\r',
    'control character': '\x1B',
    'invisible character': '\u200B',
  })) {
    it(`refuses every variable with a ${what} in it, once, without printing it`, () => {
      const env: Environment = { ...ENV, ...FULL, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer x' };
      for (const [name, value = ''] of Object.entries(env)) {
        const broken = value.slice(0, 1) + inside + value.slice(1);
        const [problem = '', ...others] = problemsOf(readWorkerConfig, { ...env, [name]: broken });
        assert.match(
          problem,
          new RegExp(`^${name}: contains (?:a line break|a control character|an invisible character)`),
        );
        assert.ok(!problem.includes(broken), problem);
        assert.deepEqual(
          others.filter((other) => other.startsWith(`${name}: `)),
          [],
        );
      }
    });
  }

  it('refuses a quote at one end only', () => {
    const [problem] = problemsOf(readWorkerConfig, { ...ENV, SMS_TASK_QUEUE: '"sms' });
    assert.match(problem ?? '', /^SMS_TASK_QUEUE: has a quote at one end/);
  });

  it('accepts names after "export" or a byte order mark, unless they also occur without', () => {
    const { DATABASE_URL, ...others } = ENV;
    for (const name of ['export DATABASE_URL', '\uFEFFDATABASE_URL', '\uFEFFexport DATABASE_URL']) {
      assert.equal(readWorkerConfig({ ...others, [name]: DATABASE_URL }).databaseUrl, DATABASE_URL);
      assert.equal(readWorkerConfig({ [name]: 'postgres://x@y/z', ...ENV }).databaseUrl, DATABASE_URL);
    }
  });

  it('refuses NODE_TLS_REJECT_UNAUTHORIZED=0, which would hand keys to a man in the middle', () => {
    const trusting = { ...ENV, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    for (const read of [readWorkerConfig, readClientConfig, readSetKeyConfig]) {
      const [problem = '', ...others] = problemsOf(read, trusting);
      assert.match(problem, /^NODE_TLS_REJECT_UNAUTHORIZED: must not be 0.*NODE_EXTRA_CA_CERTS/);
      assert.deepEqual(others, []);
    }
    readWorkerConfig({ ...ENV, NODE_TLS_REJECT_UNAUTHORIZED: '1' });
  });

  for (const NODE_DEBUG of ['fetch', 'net,undici', '*']) {
    it(`refuses NODE_DEBUG=${NODE_DEBUG}, which would print API keys`, () => {
      const [problem] = problemsOf(readWorkerConfig, { ...ENV, NODE_DEBUG });
      assert.match(problem ?? '', /^NODE_DEBUG: must not include fetch or undici/);
    });
  }

  it('reports every problem at once', () => {
    const env = Object.fromEntries(Object.entries(MALFORMED).map(([name, { values }]) => [name, values[0]]));
    const named = problemsOf(readWorkerConfig, env).map((problem) => problem.split(':')[0]);
    assert.deepEqual([...new Set(named)].sort(), Object.keys(MALFORMED).sort());
  });

  it('reports every required variable at once for an empty environment', () => {
    const named = problemsOf(readWorkerConfig, {}).map((problem) => problem.split(':')[0]);
    assert.deepEqual(named.sort(), Object.keys(ENV).sort());
  });

  it('needs no payload keys where payload encryption is off, and uses none', () => {
    const { SMS_PAYLOAD_KEYS, ...withoutKeys } = ENV;
    const off = { ...withoutKeys, SMS_PAYLOAD_ENCRYPTION: 'off' };
    assert.deepEqual(readWorkerConfig(off).payloadKeys, []);
    assert.deepEqual(readWorkerConfig({ ...off, SMS_PAYLOAD_KEYS }).payloadKeys, []);
  });

  it('never prints a value', () => {
    const names = [...Object.keys(MALFORMED), 'SMS_TASK_QUEUE'];
    const value = fc.tuple(fc.string(), fc.string()).map(([left, right]) => `${left}SeCrEt7${right}`);
    const env = fc.record(
      Object.fromEntries(
        names.map((name) => [name, fc.oneof(value, fc.constant(`postgres://u:SeCrEt7@[/`))]),
      ),
      { requiredKeys: ['LOG_LEVEL'] },
    );
    fc.assert(
      fc.property(
        env,
        fc.constantFrom(readWorkerConfig, readClientConfig, readSetKeyConfig),
        (values, read) => {
          try {
            read(values);
          } catch (error) {
            assert.ok(error instanceof ConfigError, String(error));
            assert.ok(!`${error.message}${String(error.stack)}`.includes('SeCrEt7'), error.message);
            assert.equal(error.cause, undefined);
          }
        },
      ),
    );
  });
});

describe('the configuration of a client', () => {
  it('requires payload keys only', () => {
    assert.deepEqual(readClientConfig({ SMS_PAYLOAD_KEYS: `k1:${HEX}` }), {
      taskQueue: 'sms',
      payloadKeys: [{ id: 'k1', key: Buffer.from(HEX, 'hex') }],
    });
    assert.match(problemsOf(readClientConfig, {}).join(), /^SMS_PAYLOAD_KEYS: required unless/);
  });
});

describe('the configuration for storing a key', () => {
  it('requires the database and the encryption key', () => {
    const { DATABASE_URL, SMS_API_KEY_ENCRYPTION_KEY } = ENV;
    assert.deepEqual(readSetKeyConfig({ DATABASE_URL, SMS_API_KEY_ENCRYPTION_KEY }), {
      databaseUrl: DATABASE_URL,
      encryptionKey: HEX,
    });
    const named = problemsOf(readSetKeyConfig, {}).map((problem) => problem.split(':')[0]);
    assert.deepEqual(named, ['DATABASE_URL', 'SMS_API_KEY_ENCRYPTION_KEY']);
  });
});

describe('the configuration for a new encryption key', () => {
  const { DATABASE_URL, SMS_API_KEY_ENCRYPTION_KEY } = ENV;

  it('requires the database and both keys', () => {
    const SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS = OTHER_HEX;
    assert.deepEqual(
      readRekeyConfig({ DATABASE_URL, SMS_API_KEY_ENCRYPTION_KEY, SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS }),
      { databaseUrl: DATABASE_URL, encryptionKey: HEX, previousEncryptionKey: OTHER_HEX },
    );
    const named = problemsOf(readRekeyConfig, {}).map((problem) => problem.split(':')[0]);
    assert.deepEqual(named, [
      'DATABASE_URL',
      'SMS_API_KEY_ENCRYPTION_KEY',
      'SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS',
    ]);
  });

  it('refuses two equal keys, ignoring case', () => {
    const [problem = '', ...others] = problemsOf(readRekeyConfig, {
      DATABASE_URL,
      SMS_API_KEY_ENCRYPTION_KEY,
      SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: HEX.toUpperCase(),
    });
    assert.match(problem, /SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS/);
    assert.ok(!problem.toLowerCase().includes(HEX));
    assert.deepEqual(others, []);
  });
});
