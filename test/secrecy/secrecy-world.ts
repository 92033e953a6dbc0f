import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../../tools/servers/free-port.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { createPayloadCodec } from '../../src/encryption/payload-codec.js';
import { createWebAppTables } from '../../tools/dev/demo-account.js';
import { startEmbeddedPostgres } from '../../tools/servers/embedded-postgres.js';
import { startGuarded } from '../../tools/servers/guarded-process.js';
import { childEnvironment } from '../../tools/servers/isolated-environment.js';
import { startSimulator } from '../../tools/simulator/start-simulator.js';
import { HopelessError, waitUntil } from '../../tools/servers/wait-until.js';
import { startWorkerProcess } from '../../tools/servers/worker-process.js';
import { runSmsProcess } from '../support/cli.js';
import { runSms } from '../support/cli-io.js';
import { ROOT, type Ended } from '../support/run-node.js';
import { makeDirectory, sharedGuard } from '../support/scratch.js';
import { startOtlpReceiver } from '../observability/otlp-receiver.js';
import { unusualWord } from './scenario-secrets.js';
import { startEchoingProvider, type EchoingProvider } from './echoing-provider.js';
import { startClientProcess, type ClientInProcess } from './start-client.js';
import { startVerboseTemporal } from './verbose-temporal.js';
import type { Trail } from './trail.js';

/**
 * Everything that a send passes through, each in a process of its own and as talkative as it can
 * be.
 */
export interface World {
  readonly address: string;
  readonly databaseUrl: string;
  readonly encryptionKey: string;
  readonly payloadKeys: string;
  readonly taskQueue: string;
  readonly provider: EchoingProvider;
  /** With the payload keys. */
  readonly temporal: Client;
  readonly call: ClientInProcess['call'];
  /** `durable-sms …`, what it writes kept; `environment` adds to the usual one or replaces. */
  readonly sms: (
    args: readonly string[],
    input?: string,
    environment?: Record<string, string>,
  ) => Promise<Ended>;
  /**
   * The same within the test, for the commands that end well: a process takes a second of CPU time.
   */
  readonly smsWithin: (args: readonly string[]) => Promise<Ended>;
  readonly codecServerUrl: string;
  /** Where spans go. */
  readonly collectorUrl: string;
  readonly metricsUrl: string;
  readonly healthUrl: string;
  /** Where the Temporal server keeps its files. */
  readonly temporalDirectory: string;
  /** Stops everything and keeps what it wrote; the Temporal server last. */
  readonly stop: () => Promise<void>;
}

/** The settings with which PostgreSQL writes down each statement with its values. */
const TALKATIVE_POSTGRES = {
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgres.log',
  log_min_messages: 'debug1',
  log_statement: 'all',
  log_connections: 'on',
  log_parameter_max_length_on_error: '-1',
};

/** Starts it; the provider accepts these keys. */
export async function startStand(trail: Trail, apiKeys: readonly string[]): Promise<World> {
  const guard = await sharedGuard();
  const outputs = new Map<string, string>();
  const keep = (name: string) => (text: string) => void outputs.set(name, (outputs.get(name) ?? '') + text);
  const directory = await makeDirectory('postgres');
  const [postgres, temporalServer, simulator, collector] = await Promise.all([
    startEmbeddedPostgres({ guard, directory, settings: TALKATIVE_POSTGRES }),
    startVerboseTemporal(keep('Temporal')),
    startSimulator({
      apiKeys: apiKeys.map((key, index) => ({ key, label: `phone ${index}` })),
      phoneDelayMs: 0,
    }),
    startOtlpReceiver(),
  ]);
  const databaseUrl = await postgres.createDatabase('web_app');
  await createWebAppTables(databaseUrl);
  const provider = await startEchoingProvider({ simulatorUrl: simulator.url });
  const encryptionKey = randomBytes(32).toString('hex');
  const payloadKeys = `k1:${randomBytes(32).toString('hex')}`;
  const taskQueue = `sms-${unusualWord()}`;
  const { address } = temporalServer;
  const clientEnvironment = {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_CONFIG_FILE: join(directory, 'none.toml'),
    SMS_PAYLOAD_KEYS: payloadKeys,
    SMS_TASK_QUEUE: taskQueue,
    LOG_LEVEL: 'trace',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '200',
  };
  const [metricsPort, healthPort, codecPort] = await Promise.all([0, 1, 2].map(() => freePort()));
  const startCodecServer = async () => {
    const server = await startGuarded({
      guard,
      command: process.execPath,
      args: ['--import', 'tsx', 'src/codec-server.ts'],
      cwd: ROOT,
      env: childEnvironment({
        SMS_PAYLOAD_KEYS: payloadKeys,
        CODEC_SERVER_ADDRESS: `127.0.0.1:${codecPort}`,
        LOG_LEVEL: 'trace',
      }),
      onOutput: keep('codec server'),
    });
    await waitUntil('the codec server to start', () => {
      if (server.child.exitCode !== null) throw new HopelessError(server.output());
      return outputs.get('codec server')?.includes('"codec server started"');
    });
    return server;
  };
  const [worker, codecServer, client] = await Promise.all([
    startWorkerProcess({
      guard,
      environment: {
        ...clientEnvironment,
        DATABASE_URL: databaseUrl,
        SMS_API_KEY_ENCRYPTION_KEY: encryptionKey,
        SMSMOBILEAPI_URL: provider.url,
        METRICS_ADDRESS: `127.0.0.1:${metricsPort}`,
        METRICS_HELD_INTERVAL_MS: '1000',
        HEALTH_ADDRESS: `127.0.0.1:${healthPort}`,
      },
      onOutput: keep('worker'),
    }),
    startCodecServer(),
    startClientProcess({ environment: clientEnvironment, onOutput: keep('client') }),
  ]);
  const connection = await Connection.connect({ address });
  const keepOutput = (args: readonly string[], ended: Ended) => {
    const written = `${ended.stdout}\n${ended.stderr}`;
    trail.add('written by our processes', `durable-sms ${args.join(' ')}`, written);
    return ended;
  };
  return {
    address,
    databaseUrl,
    encryptionKey,
    payloadKeys,
    taskQueue,
    provider,
    temporal: new Client({
      connection,
      dataConverter: { payloadCodecs: [createPayloadCodec(parsePayloadKeys(payloadKeys))] },
    }),
    async call(call, args, which) {
      const reply = await client.call(call, args, which);
      if (reply.told !== undefined) trail.add('errors', `client, ${call}: ${reply.code ?? ''}`, reply.told);
      return reply;
    },
    async sms(args, input = '', environment = {}) {
      const env = { ...clientEnvironment, ...environment };
      return keepOutput(args, await runSmsProcess(args, { env, input }));
    },
    smsWithin: async (args) => keepOutput(args, await runSms(args, { env: clientEnvironment })),
    codecServerUrl: `http://127.0.0.1:${codecPort}`,
    collectorUrl: collector.url,
    metricsUrl: `http://127.0.0.1:${metricsPort}`,
    healthUrl: `http://127.0.0.1:${healthPort}`,
    temporalDirectory: temporalServer.directory,
    async stop() {
      await worker.stop();
      await client.stop();
      await codecServer.stop();
      await provider.close();
      await simulator.close();
      await connection.close();
      await postgres.stop();
      await temporalServer.stop();
      await collector.close();
      trail.add('spans', 'all requests to the collector', collector.everything());
      for (const name of ['worker', 'client', 'codec server'])
        trail.add('written by our processes', name, outputs.get(name) ?? '');
      trail.add('log of Temporal', 'its output', outputs.get('Temporal') ?? '');
      const log = await readFile(join(directory, 'data', 'log', 'postgres.log'));
      trail.add('log of PostgreSQL', 'postgres.log', log);
    },
  };
}
