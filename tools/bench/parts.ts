import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { freePort } from '../servers/free-port.js';
import type { CleanUp } from '../servers/clean-up.js';
import { createDataPlace } from '../servers/data-place.js';
import { addAccount, createWebAppTables } from '../dev/demo-account.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../servers/embedded-postgres.js';
import { startGuarded } from '../servers/guarded-process.js';
import { childEnvironment } from '../servers/isolated-environment.js';
import type { ProcessGuard } from '../servers/process-guard.js';
import {
  startProductionTemporal,
  type ProductionTemporal,
} from '../servers/production-temporal/start-production-temporal.js';
import type { Say } from '../servers/progress.js';
import { HopelessError, waitUntil } from '../servers/wait-until.js';

/** What every measurement runs on: all of it real, on loopback, and of this run alone. */
export interface BenchParts {
  readonly cleanUp: CleanUp;
  readonly guard: ProcessGuard;
  readonly say: Say;
  /** Makes a directory of that name for a server's data. */
  readonly makeDirectory: (name: string) => Promise<string>;
  /**
   * The web app's database, in a server of its own: what a peer keeps its jobs in is measured
   * apart.
   */
  readonly databaseUrl: string;
  readonly encryptionKey: string;
  readonly payloadKeys: string;
  /** The key of every account, in clear. */
  readonly apiKey: string;
  readonly accountId: string;
  readonly addAccount: () => Promise<string>;
  readonly providerUrl: string;
}

/** A Temporal server on a PostgreSQL of its own. */
export interface TemporalParts {
  readonly temporal: ProductionTemporal;
  readonly postgres: EmbeddedPostgres;
  /** The first processes of both. */
  readonly pids: () => readonly number[];
}

/**
 * PostgreSQL's own settings, but for the memory, which its defaults assume to be scarce; every
 * commit is flushed to the disk.
 */
export const POSTGRES_SETTINGS = {
  max_connections: '200',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
  fsync: 'on',
  synchronous_commit: 'on',
};

/** Starts what all systems need. */
export async function startBenchParts(options: { cleanUp: CleanUp; say: Say }): Promise<BenchParts> {
  const { cleanUp, say } = options;
  const { guard, makeDirectory } = await createDataPlace(cleanUp);
  const postgres = await startEmbeddedPostgres({ guard, directory: await makeDirectory('web-app') });
  cleanUp.add(postgres.stop);
  const databaseUrl = await postgres.createDatabase('web_app');
  await createWebAppTables(databaseUrl);
  const apiKey = `bench-${randomBytes(16).toString('hex')}`;
  const encryptionKey = randomBytes(32).toString('hex');
  const account = { apiKey, encryptionKey };
  const providerUrl = await startSimulatorProcess({ guard, cleanUp, apiKey });
  say(`PostgreSQL of the web app and simulator of SMSMobileAPI: ready`);
  return {
    cleanUp,
    guard,
    say,
    makeDirectory,
    databaseUrl,
    encryptionKey,
    apiKey,
    providerUrl,
    payloadKeys: `bench:${randomBytes(32).toString('hex')}`,
    accountId: await addAccount(databaseUrl, account),
    addAccount: () => addAccount(databaseUrl, account),
  };
}

/** Starts a production-like Temporal. */
export async function startTemporalParts(parts: BenchParts): Promise<TemporalParts> {
  const { guard, say, cleanUp, makeDirectory } = parts;
  const postgres = await startEmbeddedPostgres({
    guard,
    directory: await makeDirectory('temporal-postgresql'),
    settings: POSTGRES_SETTINGS,
  });
  cleanUp.add(postgres.stop);
  const directory = await makeDirectory('temporal');
  const temporal = await startProductionTemporal({ guard, say, postgres, directory });
  cleanUp.add(temporal.stop);
  say(`Temporal on PostgreSQL: ready on ${temporal.address}`);
  return { temporal, postgres, pids: () => [temporal.pid(), postgres.pid()] };
}

/** In a process of its own, so that its work is not the load generator's. */
async function startSimulatorProcess(options: {
  guard: ProcessGuard;
  cleanUp: CleanUp;
  apiKey: string;
}): Promise<string> {
  const { guard, cleanUp, apiKey } = options;
  const port = await freePort();
  const script = fileURLToPath(new URL('../simulator/main.ts', import.meta.url));
  const simulator = await startGuarded({
    guard,
    command: process.execPath,
    args: [...process.execArgv, script, '--port', String(port), '--api-key', apiKey],
    env: childEnvironment(),
  });
  cleanUp.add(() => simulator.stop());
  await waitUntil('the simulator to start', () => {
    if (simulator.child.exitCode !== null) throw new HopelessError(simulator.output());
    return simulator.output().includes('is running');
  });
  return `http://127.0.0.1:${port}`;
}
