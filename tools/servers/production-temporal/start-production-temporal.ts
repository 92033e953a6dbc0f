import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { execa } from 'execa';
import { freePort } from '../free-port.js';
import { registerSearchAttributes } from '../../../src/temporal/search-attributes.js';
import type { EmbeddedPostgres } from '../embedded-postgres.js';
import { startGuarded, type GuardedProcess } from '../guarded-process.js';
import { childEnvironment } from '../isolated-environment.js';
import type { ProcessGuard } from '../process-guard.js';
import { withProgress, type Say } from '../progress.js';
import { waitForServer, type OwnTemporalServer } from '../temporal-server.js';
import { waitUntil } from '../wait-until.js';
import {
  findTemporalServer,
  type TemporalServerPrograms,
  type TemporalServerVersion,
} from './find-server.js';
import { DATABASES, renderServerConfig, SERVICES, type ServicePorts } from './server-config.js';

/** The file that the compose file gives to its server. */
const DYNAMIC_CONFIG = fileURLToPath(new URL('../../../docker/temporal-dynamic-config.yml', import.meta.url));

/** A week, as the compose file's namespace keeps closed runs. */
const RETENTION_MS = 7 * 24 * 60 * 60 * 1000;

const NAMESPACE = 'default';

/** A Temporal server on PostgreSQL, with the id of its process while it runs. */
export interface ProductionTemporal extends OwnTemporalServer {
  readonly pid: () => number;
}

/**
 * Starts Temporal's server as the compose file runs it, on an embedded PostgreSQL: the same
 * version, shards and settings, with our search attributes; without containers and without a Web
 * UI.
 */
export async function startProductionTemporal(options: {
  guard: ProcessGuard;
  say: Say;
  postgres: EmbeddedPostgres;
  /** For its configuration; the caller removes it. */
  directory: string;
  /** @default the version of demo, dev and most tests */
  version?: TemporalServerVersion;
}): Promise<ProductionTemporal> {
  const { guard, say, postgres, directory, version } = options;
  const programs = await findTemporalServer(say, version);
  const ports = await findPorts();
  const address = `127.0.0.1:${ports.frontend.grpc}`;
  await mkdir(join(directory, 'config'), { recursive: true });
  // The server reads the file of its environment's name.
  await writeFile(
    join(directory, 'config', 'production.yaml'),
    renderServerConfig({
      postgres: { port: postgres.port, ...postgres.superuser },
      ports,
      dynamicConfigFile: DYNAMIC_CONFIG,
    }),
    { mode: 0o600 },
  );
  let server: GuardedProcess | undefined;

  async function start(): Promise<void> {
    const started = await startGuarded({
      guard,
      command: programs.server,
      args: ['--root', directory, '--env', 'production', '--allow-no-auth', 'start'],
      env: childEnvironment(),
      cwd: directory,
    });
    server = started;
    try {
      await waitForServer(address, started.output, () => started.child.exitCode, 'cluster');
      await prepareNamespace(address);
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  await withProgress(say, 'Temporal: creating its tables', () => layTables(programs, postgres));
  await withProgress(say, 'Temporal: starting', start);
  return {
    address,
    namespace: NAMESPACE,
    uiUrl: undefined,
    pid: () => server?.pid ?? 0,
    async stop() {
      await server?.stop('SIGTERM', 30_000);
    },
    async kill() {
      await server?.stop('SIGKILL');
    },
    start,
  };
}

/**
 * On PostgreSQL the server keeps its ports as smallint (schema v1.18,
 * `cluster_membership.rpc_port`): `freePort` gives none above 32,767.
 */
async function findPorts(): Promise<ServicePorts> {
  const entries: [string, { grpc: number; membership: number }][] = [];
  for (const name of SERVICES) entries.push([name, { grpc: await freePort(), membership: await freePort() }]);
  return Object.fromEntries(entries) as ServicePorts;
}

async function layTables({ sqlTool }: TemporalServerPrograms, postgres: EmbeddedPostgres): Promise<void> {
  const { user, password } = postgres.superuser;
  const run = (database: string, ...args: string[]) =>
    execa(sqlTool, ['--db', database, ...args], {
      env: childEnvironment({
        SQL_PLUGIN: 'postgres12',
        SQL_HOST: '127.0.0.1',
        SQL_PORT: String(postgres.port),
        SQL_USER: user,
        SQL_PASSWORD: password,
      }),
      extendEnv: false,
    });
  for (const [name, schema] of [
    [DATABASES.main, 'temporal'],
    [DATABASES.visibility, 'visibility'],
  ] as const) {
    await run(name, 'create-database');
    await run(name, 'setup-schema', '-v', '0.0');
    await run(name, 'update-schema', '--schema-name', `postgresql/v12/${schema}`);
  }
}

/**
 * Registers the namespace and its search attributes, and waits until every service of the server
 * knows them.
 */
async function prepareNamespace(address: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await waitUntil('the namespace to be registered', async () => {
      try {
        await connection.workflowService.registerNamespace({
          namespace: NAMESPACE,
          workflowExecutionRetentionPeriod: msToTs(RETENTION_MS),
        });
      } catch (error) {
        if (!isAlreadyThere(error)) throw error;
      }
      return true;
    });
    await waitUntil('the search attributes to be registered', async () => {
      await registerSearchAttributes(connection, NAMESPACE);
      return true;
    });
    // The namespace is read from a cache that is some seconds old.
    await waitUntil('the namespace to be known', async () => {
      await connection.workflowService.listWorkflowExecutions({
        namespace: NAMESPACE,
        query: 'SmsAccountId = "none"',
      });
      return true;
    });
  } finally {
    await connection.close();
  }
}

/** gRPC status ALREADY_EXISTS. */
const ALREADY_EXISTS = 6;

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === ALREADY_EXISTS;
}
