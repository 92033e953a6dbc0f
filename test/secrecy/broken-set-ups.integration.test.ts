import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { Command } from 'commander';
import getPort from 'get-port';
import { createCliRun } from '../../src/cli/cli-run.js';
import { createProgram } from '../../src/cli/run-cli.js';
import { createSmsClient, SmsError, type SmsClientOptions } from '../../src/client.js';
import { captureIo, runSms } from '../support/cli-io.js';
import { everyCallOf, JOB } from '../support/every-call.js';
import { makeDirectory } from '../support/scratch.js';
import { startSilentServer, type SilentServer } from '../support/silent-server.js';
import { startEchoingTemporal, type EchoingTemporal } from './echoing-temporal.js';
import { createScanner } from './scan.js';
import { inspectError } from './inspect-error.js';

const SECRET = randomBytes(30).toString('base64url');

const scan = createScanner([
  { name: 'key', kind: 'key', value: SECRET },
  { name: 'number', kind: 'number', value: JOB.recipientPhone },
  { name: 'text', kind: 'text', value: JOB.message },
]);

function assertExposesNothing(where: string, told: string): void {
  assert.deepEqual(scan(told), [], where);
}

const CALL_TIMEOUT_MS = 300;

interface CommandLine {
  readonly args: readonly string[];
  readonly input?: string;
}

describe('under a broken set-up', function () {
  this.timeout(180_000);
  let echoing: EchoingTemporal;
  let silent: SilentServer;
  let nobody: string;
  let environment: Record<string, string>;
  before(async () => {
    [echoing, silent] = await Promise.all([startEchoingTemporal(), startSilentServer()]);
    nobody = `127.0.0.1:${await getPort({ host: '127.0.0.1' })}`;
    environment = { TEMPORAL_CONFIG_FILE: join(await makeDirectory('profile'), 'none.toml') };
  });
  after(async () => {
    await echoing.close();
    silent.close();
  });

  const fails = (): never => {
    throw new Error(`the cipher said: ${SECRET}`);
  };
  const tls = { clientCertPair: { crt: Buffer.from(`c ${SECRET}`), key: Buffer.from(`k ${SECRET}`) } };
  const bad: readonly (readonly [string, Partial<SmsClientOptions>])[] = [
    ...['\n', '\r\n', '\0', 'é', '\u{1f600}', '\x7f'].flatMap(
      (end): [string, Partial<SmsClientOptions>][] => [
        [`an API key that ends in ${JSON.stringify(end)}`, { connection: { apiKey: `${SECRET}${end}` } }],
        [`a function whose API key ends so`, { connection: { apiKey: () => `${SECRET}${end}` } }],
        [`metadata that ends so`, { connection: { metadata: { authorization: `Bearer ${SECRET}${end}` } } }],
        [`a namespace that ends so`, { namespace: `${SECRET}${end}` }],
      ],
    ),
    ['a function for the API key that fails', { connection: { apiKey: fails } }],
    [
      'a function for the API key that returns none',
      { connection: { apiKey: (() => ({ SECRET })) as never } },
    ],
    ['metadata under a bad name', { connection: { metadata: { [`x ${SECRET}`]: SECRET } } }],
    ['metadata that should be bytes', { connection: { metadata: { 'x-bin': SECRET } } }],
    ['API key and metadata at once', { connection: { apiKey: SECRET, metadata: { Authorization: SECRET } } }],
    ['an address with a password', { connection: { address: `https://user:${SECRET}@example.com:7233` } }],
    ['a malformed address', { connection: { address: `${SECRET} ${SECRET}` } }],
    ['TLS with a malformed certificate', { connection: { tls } }],
    ['malformed payload keys', { payloadKeys: SECRET }],
    ['half a payload key', { payloadKeys: `k1:${SECRET}` }],
    ['payload keys of the wrong length', { payloadKeys: [{ id: 'k', key: SECRET as never }] }],
  ];

  /** What all methods of a client throw, and what making the client throws. */
  async function errorsOf(options: Partial<SmsClientOptions>): Promise<Record<string, unknown>> {
    const connection = { address: echoing.address, ...options.connection };
    let client;
    try {
      client = createSmsClient({
        payloadKeys: 'off',
        callTimeoutMs: CALL_TIMEOUT_MS,
        ...options,
        connection,
      });
    } catch (error) {
      return { createSmsClient: error };
    }
    // Beside each other, as some of them repeat a call until its time is over.
    const errors = await Promise.all(
      Object.entries(everyCallOf(client)).map(async ([name, call]) => {
        const [reconciled] = await Promise.allSettled([call()]);
        assert.equal(reconciled.status, 'rejected', `${name} did not fail`);
        return [name, reconciled.reason] as const;
      }),
    );
    await client.close();
    return Object.fromEntries(errors);
  }

  function assertErrorsTellNothing(errors: Record<string, unknown>): void {
    for (const [name, error] of Object.entries(errors)) {
      assert.ok(error instanceof SmsError || error instanceof RangeError, `${name}: ${inspect(error)}`);
      assert.equal(error.cause, undefined, name);
      assertExposesNothing(name, inspectError(error));
    }
  }

  for (const [what, options] of bad) {
    it(`no method of a client exposes a secret or passes on a foreign error: ${what}`, async () => {
      assertErrorsTellNothing(await errorsOf(options));
    });
  }

  for (const status of [0, 2, 3, 5, 6, 7, 8, 9, 10, 12, 13, 14, 16]) {
    it(`no method exposes what a server echoes with gRPC status ${status}`, async () => {
      assertErrorsTellNothing(
        await errorsOf({ connection: { apiKey: SECRET }, namespace: `status-${status}` }),
      );
    });
  }

  it('no method exposes a secret when the server never answers or does not exist', async () => {
    for (const address of [silent.address, nobody])
      assertErrorsTellNothing(await errorsOf({ connection: { address, apiKey: SECRET } }));
  });

  it('a leak would be noticed, as the server echoes everything, and an SDK error quotes it', () => {
    assert.ok(scan(inspectError(new Error(`Bearer ${SECRET}`))).length > 0);
    assert.ok(scan(inspectError(new Error('x', { cause: { text: JOB.message } }))).length > 0);
  });

  describe('every command of sms', () => {
    const commandLines: Readonly<Record<string, CommandLine>> = {
      setup: { args: [] },
      send: { args: ['--job', '-'], input: JSON.stringify(JOB) },
      list: { args: [] },
      status: { args: ['sms-1'] },
      watch: { args: ['sms-1'] },
      cancel: { args: ['sms-1'] },
      resolve: { args: ['sms-1', '--resend'] },
      retry: { args: ['sms-1'] },
      audit: { args: [] },
      'policy show': { args: [JOB.accountId] },
      'policy set': { args: [JOB.accountId, '--per-day', '3'] },
      'opt-outs list': { args: ['--to', JOB.recipientPhone] },
      'opt-outs add': { args: ['--account', JOB.accountId, '--to', JOB.recipientPhone] },
      'opt-outs remove': { args: ['--account', JOB.accountId, '--to', JOB.recipientPhone] },
      'opt-outs import': { args: ['--account', JOB.accountId, '-'], input: JOB.recipientPhone },
      'opt-outs export': { args: [] },
      'opt-outs confirm': { args: ['84113'] },
      'opt-outs dismiss': { args: ['84113'] },
      'outreach list': { args: ['--to', JOB.recipientPhone] },
      phones: { args: [] },
      forget: { args: ['--to', JOB.recipientPhone, '--yes'] },
      'accounts set-key': { args: [JOB.accountId], input: SECRET },
      'accounts rekey': { args: ['--yes'] },
      'keys generate': { args: [] },
      completion: { args: ['bash'] },
    };

    const complete = () => ({
      ...environment,
      TEMPORAL_ADDRESS: echoing.address,
      SMS_PAYLOAD_ENCRYPTION: 'off',
      DATABASE_URL: `postgres://user:${SECRET}@${nobody}/app`,
      SMS_API_KEY_ENCRYPTION_KEY: 'ab'.repeat(32),
      SMS_API_KEY_ENCRYPTION_KEY_PREVIOUS: 'cd'.repeat(32),
    });

    const broken: readonly (readonly [string, () => Record<string, string>])[] = [
      ['a server that echoes', () => ({ TEMPORAL_API_KEY: SECRET, TEMPORAL_TLS: 'false' })],
      ['a server that says nothing', () => ({ TEMPORAL_ADDRESS: silent.address })],
      ['an API key with a line end', () => ({ TEMPORAL_API_KEY: `${SECRET}\n` })],
      ['an API key with a carriage return', () => ({ TEMPORAL_API_KEY: `${SECRET}\r` })],
      ['an API key with other letters', () => ({ TEMPORAL_API_KEY: `${SECRET}é` })],
      ['metadata with a line end', () => ({ TEMPORAL_GRPC_META_AUTHORIZATION: `Bearer ${SECRET}\n` })],
      [
        'a certificate that is none',
        () => ({ TEMPORAL_TLS_CLIENT_CERT_DATA: SECRET, TEMPORAL_TLS_CLIENT_KEY_DATA: SECRET }),
      ],
      ['an address with a password', () => ({ TEMPORAL_ADDRESS: `https://u:${SECRET}@example.com` })],
      ['malformed payload keys', () => ({ SMS_PAYLOAD_ENCRYPTION: 'on', SMS_PAYLOAD_KEYS: `k1:${SECRET}` })],
      [
        'a database password that cannot be decoded',
        () => ({ DATABASE_URL: `postgres://user:${SECRET}%E9@${nobody}/app` }),
      ],
      ['a malformed database address', () => ({ DATABASE_URL: `postgres://user:${SECRET}@:x/app` })],
      ['a malformed encryption key', () => ({ SMS_API_KEY_ENCRYPTION_KEY: SECRET })],
    ];

    it('is covered here', () => {
      const program = createProgram(createCliRun(captureIo()));
      assert.deepEqual(leavesOf(program).sort(), Object.keys(commandLines).sort());
    });

    for (const [what, change] of broken) {
      it(`exposes no secret under ${what}`, async () => {
        const run = async ([name, { args, input = '' }]: [string, CommandLine]) => {
          const { stdout, stderr, exitCode } = await runSms([...name.split(' '), ...args], {
            env: { ...complete(), ...change() },
            input,
            callTimeoutMs: CALL_TIMEOUT_MS,
          });
          assertExposesNothing(`sms ${name}`, `${stdout}\n${stderr}`);
          assert.equal(exitCode === 0, NEED_NOTHING.includes(name), `sms ${name}: ${stderr}`);
        };
        await Promise.all(Object.entries(commandLines).map(run));
      });
    }
  });
});

/** The commands that read no environment. */
const NEED_NOTHING = ['keys generate', 'completion'];

/** The commands that do something, by their names. */
function leavesOf(command: Command, path: readonly string[] = []): string[] {
  if (command.commands.length === 0) return [path.join(' ')];
  return command.commands.flatMap((inner) => leavesOf(inner, [...path, inner.name()]));
}
