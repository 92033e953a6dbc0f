import { makeTelemetryFilterString, NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { ConfigError, readWorkerConfig, type WorkerConfig } from './config.js';
import { missingSearchAttributes } from './setup/search-attributes.js';
import { loadTemporalConfig, type TemporalConfig } from './temporal-config.js';
import { createSmsWorker } from './worker/create-worker.js';
import { createLog, createTemporalLogger } from './worker/log.js';
import { openPorts } from './worker/open-ports.js';
import { startHealth } from './worker/start-health.js';

/** A reason not to start that the operator can act on. */
class StartError extends Error {
  override readonly name = 'StartError';
}

/** Runs the worker until SIGTERM or SIGINT, then lets what is in flight finish. */
async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const temporal = loadTemporalConfig();
  const log = createLog({ level: config.logLevel });
  installRuntime(config, log);

  const { namespace } = temporal;
  const connection = await connect(temporal);
  await assertSearchAttributes(connection, namespace);
  const { ports, dataConverter, close } = openPorts(config, { connection, namespace });
  const started: { worker?: Worker } = {};
  const health =
    config.healthAddress === undefined
      ? undefined
      : await startHealth(config.healthAddress, {
          connection,
          namespace,
          accounts: ports.accounts,
          worker: () => started.worker,
        }).catch((error: unknown) => {
          throw new StartError(`HEALTH_ADDRESS: cannot listen there (${codeOf(error)}).`);
        });
  const worker = await createSmsWorker({
    connection,
    namespace,
    taskQueue: config.taskQueue,
    ports,
    dataConverter,
  });
  started.worker = worker;
  log.info({ namespace, taskQueue: config.taskQueue }, 'worker started');
  await worker.run();
  log.info('worker stopped');
  await health?.close();
  await close();
  await connection.close();
}

function installRuntime(config: WorkerConfig, log: ReturnType<typeof createLog>): void {
  const { metricsAddress } = config;
  try {
    installWith(metricsAddress, log);
  } catch (error) {
    if (metricsAddress === undefined) throw error;
    throw new StartError('METRICS_ADDRESS: metrics cannot be served there; is the port taken?');
  }
}

function installWith(metricsAddress: string | undefined, log: ReturnType<typeof createLog>): void {
  Runtime.install({
    logger: createTemporalLogger(log),
    shutdownSignals: ['SIGINT', 'SIGTERM'],
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
      ...(metricsAddress === undefined ? {} : { metrics: { prometheus: { bindAddress: metricsAddress } } }),
    },
  });
}

async function connect({ connectionOptions }: TemporalConfig): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(connectionOptions);
  } catch {
    const { address = 'localhost:7233' } = connectionOptions;
    throw new StartError(
      `No Temporal server can be reached at ${address}: check TEMPORAL_ADDRESS, TLS and API key.`,
    );
  }
}

async function assertSearchAttributes(connection: NativeConnection, namespace: string): Promise<void> {
  const missing = await missingSearchAttributes(connection, namespace).catch((error: unknown) => {
    throw new StartError(
      `The search attributes of namespace ${namespace} cannot be listed (gRPC status ${codeOf(error)}): does it exist, and may this worker see it?`,
    );
  });
  if (missing.length === 0) return;
  throw new StartError(
    `Namespace ${namespace} lacks the search attributes ${missing.join(', ')} (type Keyword). Register them with: npx sms setup`,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

try {
  await main();
} catch (error) {
  const known = error instanceof ConfigError || error instanceof StartError;
  process.stderr.write(`${known ? error.message : `The worker cannot go on: ${String(error)}`}\n`);
  // At once: what is half started would keep the process alive, and with it its place in a deployment.
  process.exit(1);
}
