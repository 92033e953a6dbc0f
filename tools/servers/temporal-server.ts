import { Connection } from '@temporalio/client';
import { freePort } from './free-port.js';
import { SEARCH_ATTRIBUTE_NAMES } from '../../src/domain/names.js';
import { registerSearchAttributes } from '../../src/temporal/search-attributes.js';
import { startGuarded, type GuardedProcess } from './guarded-process.js';
import { childEnvironment } from './isolated-environment.js';
import type { ProcessGuard } from './process-guard.js';
import { withProgress, type Say } from './progress.js';
import { findTemporalCli } from './temporal-cli.js';
import { HopelessError, waitUntil } from './wait-until.js';

/** A Temporal server for development and tests. */
export interface TemporalServer {
  /** `host:port` of its gRPC. */
  readonly address: string;
  readonly namespace: string;
  /** The Web UI's address, where it is known. */
  readonly uiUrl: string | undefined;
  readonly stop: () => Promise<void>;
}

/** A Temporal server of our own, which can be stopped and started again. */
export interface OwnTemporalServer extends TemporalServer {
  /** Ends it with SIGKILL. */
  readonly kill: () => Promise<void>;
  /** Starts it again at the same address; what it knew is there if it has a database file. */
  readonly start: () => Promise<void>;
}

/**
 * Starts Temporal's development server, with its Web UI and our search attributes, on free ports of
 * loopback.
 */
export async function startTemporalServer(options: {
  guard: ProcessGuard;
  say: Say;
  /**
   * A file that keeps what the server knows while it is stopped; without one, it is kept in memory.
   */
  databaseFile?: string;
  /**
   * False: activities go through the queue, to any worker, as on a server with Temporal's own
   * settings.
   */
  eagerActivities?: boolean;
  /** The codec server that the Web UI asks. */
  codecEndpoint?: string;
  /** The ports to try first. */
  ports?: { readonly grpc: readonly number[]; readonly ui: readonly number[] };
}): Promise<OwnTemporalServer> {
  const { guard, say, databaseFile, codecEndpoint, eagerActivities = true } = options;
  const command = await findTemporalCli(say);
  let port = 0;
  let uiPort = 0;
  let address = '';
  let server: GuardedProcess | undefined;

  async function choosePorts(): Promise<void> {
    port = await freePort(options.ports?.grpc);
    uiPort = await freePort(options.ports?.ui);
    address = `127.0.0.1:${port}`;
  }

  /**
   * Another program may have taken a port meanwhile, one of those that the server chooses by
   * itself, too.
   */
  async function startOnFreePorts(attempts = 3): Promise<void> {
    await choosePorts();
    try {
      await start();
    } catch (error) {
      if (attempts === 1) throw error;
      await startOnFreePorts(attempts - 1);
    }
  }

  async function start(): Promise<void> {
    const started = await startGuarded({
      guard,
      command,
      args: [
        'server',
        'start-dev',
        '--ip',
        '127.0.0.1',
        '--port',
        String(port),
        '--ui-port',
        String(uiPort),
        '--log-level',
        'error',
        ...(codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', codecEndpoint]),
        ...(databaseFile === undefined ? [] : ['--db-filename', databaseFile]),
        ...SEARCH_ATTRIBUTE_NAMES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
        '--dynamic-config-value',
        `system.enableActivityEagerExecution=${eagerActivities}`,
      ],
      env: childEnvironment(),
    });
    server = started;
    try {
      await waitForServer(address, started.output, () => started.child.exitCode);
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  await withProgress(say, 'Temporal: starting', () => startOnFreePorts());
  return {
    address,
    namespace: 'default',
    uiUrl: `http://127.0.0.1:${uiPort}`,
    async stop() {
      await server?.stop('SIGTERM');
    },
    async kill() {
      await server?.stop('SIGKILL');
    },
    start,
  };
}

/**
 * Uses a Temporal server that runs on this machine; its search attributes are registered if it
 * lacks them.
 *
 * @throws Error if the address is not on loopback: what is tried out here must not reach anyone
 *   else's server
 */
export async function useTemporalServer(address: string): Promise<TemporalServer> {
  if (!isLoopbackAddress(address)) {
    throw new Error(
      `--temporal accepts only a server on this machine, such as 127.0.0.1:7233, not ${address}.`,
    );
  }
  const namespace = 'default';
  const connection = await connect(address);
  try {
    await registerSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
  return { address, namespace, uiUrl: undefined, stop: () => Promise.resolve() };
}

/** Whether `host:port` is on this machine. */
export function isLoopbackAddress(address: string): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\]):\d{1,5}$/.test(address);
}

async function connect(address: string): Promise<Connection> {
  try {
    return await Connection.connect({ address, connectTimeout: '5 seconds' });
  } catch (cause) {
    throw new Error(`No Temporal server responds at ${address}.`, { cause });
  }
}

/** Waits until a server that was just started answers; gives up where it has ended. */
export async function waitForServer(
  address: string,
  output: () => string,
  exitCode: () => number | null,
  /** What to ask it for; a server that is quite new has no namespace yet. */
  about: 'namespace' | 'cluster' = 'namespace',
): Promise<void> {
  await waitUntil('the Temporal server to answer', async () => {
    if (exitCode() !== null) throw new HopelessError(`The Temporal server exited immediately:\n${output()}`);
    const connection = await Connection.connect({ address, connectTimeout: '2 seconds' });
    try {
      if (about === 'cluster') await connection.workflowService.getClusterInfo({});
      else await connection.workflowService.describeNamespace({ namespace: 'default' });
      return true;
    } finally {
      await connection.close();
    }
  });
}
