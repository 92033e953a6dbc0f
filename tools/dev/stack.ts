import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { omitUndefined } from '../../src/domain/omit-undefined.js';
import { reservePort } from '../servers/free-port.js';
import { startCodecServer } from '../../src/codec-server/start-codec-server.js';
import { parsePayloadKeys } from '../../src/encryption/payload-keys.js';
import { createLog } from '../../src/observability/log.js';
import type { CleanUp } from '../servers/clean-up.js';
import { addAccount, createWebAppTables } from './demo-account.js';
import { createDataPlace } from '../servers/data-place.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../servers/embedded-postgres.js';
import type { ProcessGuard } from '../servers/process-guard.js';
import type { Say } from '../servers/progress.js';
import { startSimulator, type Simulator } from '../simulator/start-simulator.js';
import { startTemporalServer, useTemporalServer, type TemporalServer } from '../servers/temporal-server.js';
import { startWorkerProcess } from '../servers/worker-process.js';

/** Everything that a send needs, on this machine: database, Temporal, provider, worker. */
export interface Stack {
  readonly postgres: EmbeddedPostgres;
  readonly databaseUrl: string;
  readonly temporal: TemporalServer;
  /** Decrypts for the Web UI. */
  readonly codecUrl: string;
  readonly simulator: Simulator;
  readonly taskQueue: string;
  /** Ends its processes when this one is gone. */
  readonly guard: ProcessGuard;
  /** An account whose key the simulator accepts. */
  readonly accountId: string;
  /** All such accounts, that one first. */
  readonly accountIds: readonly string[];
  /** As SMS_PAYLOAD_KEYS. */
  readonly payloadKeys: string;
  /** What the worker was started with, as a file to source in a shell. */
  readonly environmentFile: string;
}

const DATABASE_NAME = 'web_app';

/**
 * Starts the parts one after the other; `cleanUp` gets a step for each, so that a start that fails
 * is undone too.
 */
export async function startStack(options: {
  cleanUp: CleanUp;
  say: Say;
  /** A Temporal server on this machine to use instead of one of our own. */
  temporalAddress?: string | undefined;
  /** The simulator's port; a free one if it is taken or left out. */
  simulatorPort?: number;
  /** How many accounts there are, each with a key of its own; 1 if left out. */
  accounts?: number;
  onWorkerOutput?: (text: string) => void;
}): Promise<Stack> {
  const { cleanUp, say } = options;
  const { guard, directory, makeDirectory } = await createDataPlace(cleanUp);

  const encryptionKey = randomBytes(32).toString('hex');
  const payloadKeys = `dev:${randomBytes(32).toString('hex')}`;

  const { postgres, databaseUrl } = await startDatabase(guard, await makeDirectory('postgres'), cleanUp);
  say(`PostgreSQL: ready on 127.0.0.1:${postgres.port}`);

  const apiKeys = Array.from({ length: options.accounts ?? 1 }, (_, index) => ({
    key: `dev-${randomBytes(16).toString('hex')}`,
    label: index === 0 ? 'demo account' : `demo account ${index + 1}`,
  }));
  const simulator = await startSimulator({
    apiKeys,
    port: options.simulatorPort ?? 0,
  });
  cleanUp.add(simulator.close);
  say(`SMSMobileAPI simulator: ready, inbox at ${simulator.url}/`);
  const accountIds = await Promise.all(
    apiKeys.map(({ key }) => addAccount(databaseUrl, { apiKey: key, encryptionKey })),
  );

  // The Web UI needs the codec server's address when it starts, and the codec server needs the Web
  // UI's.
  const codec = await reservePort([8888]);
  const codecUrl = `http://127.0.0.1:${codec.port}`;
  const temporal = await startTemporal(guard, { ...options, codecEndpoint: codecUrl });
  cleanUp.add(temporal.stop);
  say(
    `Temporal: ready on ${temporal.address}${temporal.uiUrl === undefined ? '' : `, Web UI at ${temporal.uiUrl}`}`,
  );

  await codec.release();
  const codecServer = await startCodecServer(
    {
      address: `127.0.0.1:${codec.port}`,
      payloadKeys: parsePayloadKeys(payloadKeys),
      origins: temporal.uiUrl === undefined ? [] : [temporal.uiUrl],
      access: { kind: 'open' },
      requestsPerMinute: 10_000,
      trustedProxies: [],
    },
    createLog({ level: 'silent' }),
  );
  cleanUp.add(codecServer.close);
  say(`Codec server: ready at ${codecUrl}`);

  const taskQueue =
    options.temporalAddress === undefined ? 'sms' : `sms-dev-${randomBytes(4).toString('hex')}`;
  const emptyProfile = join(directory, 'temporal.toml');
  await writeFile(emptyProfile, '[profile.default]\n');
  const environment = {
    DATABASE_URL: databaseUrl,
    SMS_API_KEY_ENCRYPTION_KEY: encryptionKey,
    SMS_PAYLOAD_KEYS: payloadKeys,
    SMS_TASK_QUEUE: taskQueue,
    SMSMOBILEAPI_URL: simulator.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TEMPORAL_CONFIG_FILE: emptyProfile,
  };
  const worker = await startWorkerProcess({
    guard,
    environment,
    ...omitUndefined({ onOutput: options.onWorkerOutput }),
  });
  cleanUp.add(worker.stop);
  say(`Worker: polling task queue ${taskQueue}`);

  const environmentFile = await writeEnvironmentFile(directory, environment);
  return {
    postgres,
    databaseUrl,
    temporal,
    codecUrl,
    simulator,
    taskQueue,
    guard,
    accountId: accountIds[0] ?? '',
    accountIds,
    payloadKeys,
    environmentFile,
  };
}

async function startDatabase(guard: ProcessGuard, directory: string, cleanUp: CleanUp) {
  const postgres = await startEmbeddedPostgres({ guard, directory });
  cleanUp.add(postgres.stop);
  const databaseUrl = await postgres.createDatabase(DATABASE_NAME);
  await createWebAppTables(databaseUrl);
  return { postgres, databaseUrl };
}

function startTemporal(
  guard: ProcessGuard,
  options: { temporalAddress?: string | undefined; say: Say; codecEndpoint: string },
): Promise<TemporalServer> {
  const { temporalAddress, say, codecEndpoint } = options;
  return temporalAddress === undefined
    ? startTemporalServer({ guard, say, codecEndpoint, ports: { grpc: [7233], ui: [8233] } })
    : useTemporalServer(temporalAddress);
}

/** Readable for the owner only; its values are made for this run and die with it. */
async function writeEnvironmentFile(directory: string, environment: Record<string, string>): Promise<string> {
  const path = join(directory, 'environment.sh');
  const lines = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`);
  await writeFile(path, `${lines.join('\n')}\n`, { mode: 0o600 });
  return path;
}
