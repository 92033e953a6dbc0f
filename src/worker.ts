import { loadClientConnectConfig } from '@temporalio/envconfig';
import { makeTelemetryFilterString, NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { ConfigError, readWorkerConfig } from './config.js';
import type { ActivityPorts } from './activities/ports.js';
import { missingSearchAttributes } from './setup/search-attributes.js';
import { createSmsWorker } from './worker/create-worker.js';
import { createLog, createTemporalLogger } from './worker/log.js';
import { startHealthServer } from './worker/health-server.js';
import { openPorts } from './worker/open-ports.js';

/** Runs the worker until SIGTERM or SIGINT, then lets what is in flight finish. */
async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const log = createLog({ level: config.logLevel });
  Runtime.install({
    logger: createTemporalLogger(log),
    shutdownSignals: ['SIGINT', 'SIGTERM'],
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
      ...(config.metricsAddress === undefined
        ? {}
        : { metrics: { prometheus: { bindAddress: config.metricsAddress } } }),
    },
  });

  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  try {
    const missing = await missingSearchAttributes(connection, namespace);
    if (missing.length > 0) {
      throw new StartError(
        `Namespace ${namespace} lacks the search attributes ${missing.join(', ')} (type Keyword). Register them with: npx sms setup`,
      );
    }
    const { ports, close } = openPorts(config);
    try {
      const worker = await createSmsWorker({ connection, namespace, taskQueue: config.taskQueue, ports });
      const health = await startHealth(config.healthAddress, {
        worker,
        connection,
        namespace,
        accounts: ports.accounts,
      });
      try {
        log.info({ namespace, taskQueue: config.taskQueue }, 'worker started');
        await worker.run();
        log.info('worker stopped');
      } finally {
        await health?.close();
      }
    } finally {
      await close();
    }
  } finally {
    await connection.close();
  }
}

/** Live: the worker polls or drains. Ready: it polls, and database and Temporal answer. */
async function startHealth(
  address: string | undefined,
  parts: {
    worker: Worker;
    connection: NativeConnection;
    namespace: string;
    accounts: ActivityPorts['accounts'];
  },
) {
  if (address === undefined) return undefined;
  const state = (...states: readonly string[]) => {
    if (!states.includes(parts.worker.getState())) throw new Error('not in this state');
  };
  return await startHealthServer({
    address,
    live: {
      worker: () => {
        state('INITIALIZED', 'RUNNING', 'STOPPING', 'DRAINING', 'DRAINED');
      },
    },
    ready: {
      worker: () => {
        state('RUNNING');
      },
      database: () => parts.accounts.findEncryptedApiKey(NO_ACCOUNT),
      temporal: () => parts.connection.workflowService.describeNamespace({ namespace: parts.namespace }),
    },
  });
}

/** The nil UUID (RFC 9562): looking it up proves that the table can be read. */
const NO_ACCOUNT = '00000000-0000-0000-0000-000000000000';

/** A reason not to start that the operator can act on. */
class StartError extends Error {
  override readonly name = 'StartError';
}

try {
  await main();
} catch (error) {
  const known = error instanceof ConfigError || error instanceof StartError;
  process.stderr.write(`${known ? error.message : `The worker cannot go on: ${String(error)}`}\n`);
  process.exitCode = 1;
}
