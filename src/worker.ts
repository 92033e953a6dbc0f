#!/usr/bin/env node
import { makeTelemetryFilterString, NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { assertSchema } from './worker/assert-schema.js';
import { watchInboxes } from './worker/watch-inboxes.js';
import { readWorkerConfig, type WorkerConfig } from './config.js';
import { cleanEnvironment } from './config/environment.js';
import { metricsOptions } from './observability/metrics-options.js';
import { createSmsMetrics } from './observability/sms-metrics.js';
import { startGauges } from './observability/start-gauges.js';
import { SEARCH_ATTRIBUTE_NAMES } from './domain/names.js';
import { closeParts } from './close-parts.js';
import { exitInTime } from './exit-in-time.js';
import { codeOf, runProcess, StartError } from './run-process.js';
import { checkSearchAttributes } from './temporal/search-attributes.js';
import { loadTemporalConfig, type TemporalConfig } from './config/temporal-config.js';
import { createSmsWorker } from './worker/create-worker.js';
import { startTraceExporter } from './observability/start-exporter.js';
import { createWorkerTracing } from './observability/worker-tracing.js';
import { createLog, createTemporalLogger } from './observability/log.js';
import { openPorts } from './worker/open-ports.js';
import { describeUnusedProxy } from './worker/proxy-support.js';
import { startHealth } from './worker/start-health.js';
import { readWorkerArguments } from './worker/worker-arguments.js';

/**
 * From SIGTERM to the end at the latest, in milliseconds: after the 55 s in which code that does
 * not stop is waited for, and before the 60 s after which containers are killed.
 */
const STOP_WITHIN_MS = 58_000;

/** How long the worker waits for each of its parts to close, in milliseconds. */
const CLOSE_WITHIN_MS = 10_000;

/** Runs the worker until SIGTERM or SIGINT, then lets what is in flight finish. */
async function main(): Promise<void> {
  // In place, as the exporter of traces reads its own variables, and sends some of them as headers.
  Object.assign(process.env, cleanEnvironment(process.env));
  const config = readWorkerConfig(process.env);
  const temporal = loadTemporalConfig(process.env);
  const tuning = readWorkerArguments(process.argv.slice(2));
  const log = createLog({ level: config.logLevel, format: config.logFormat });
  const unusedProxy = describeUnusedProxy(process.env, process);
  if (unusedProxy !== undefined) log.warn(unusedProxy);
  installRuntime(config, log);
  const exit = exitInTime({ limitMs: STOP_WITHIN_MS, log });

  const { namespace } = temporal;
  const connection = await connect(temporal);
  await assertSearchAttributes(connection, namespace, log);
  const { ports, dataConverter, database, inboxes, readOverview, close } = openPorts(
    config,
    { connection, namespace },
    tuning,
  );
  if (config.policies) await assertSchema(database, log);
  const started: { worker?: Worker } = {};
  const health =
    config.healthAddress === undefined
      ? undefined
      : await startHealth(config.healthAddress, {
          connection,
          namespace,
          taskQueue: config.taskQueue,
          accounts: ports.accounts,
          worker: () => started.worker,
          log,
        }).catch((error: unknown) => {
          throw new StartError(`HEALTH_ADDRESS: cannot listen on this address (${codeOf(error)}).`);
        });
  const exporter =
    config.traces === undefined ? undefined : startTraceExporter({ serviceName: config.traces.serviceName });
  const metrics = createSmsMetrics(Runtime.instance().metricMeter);
  const worker = await createSmsWorker({
    connection,
    namespace,
    taskQueue: config.taskQueue,
    ports,
    metrics,
    dataConverter,
    deployment: config.deployment,
    tracing: exporter && createWorkerTracing(exporter.tracer, { providerUrl: config.providerUrl }),
  });
  started.worker = worker;
  log.info({ namespace, taskQueue: config.taskQueue, deployment: config.deployment }, 'worker started');
  const { metricsAddress, taskQueue, heldIntervalMs: intervalMs } = config;
  const gauges =
    metricsAddress === undefined
      ? undefined
      : startGauges({ connection, namespace, metrics, taskQueue, intervalMs, readOverview });
  const inboxWatch = inboxes && watchInboxes({ ...inboxes, log });
  await worker.run();
  log.info('worker stopped');
  const closeWithinMs = () => Math.min(CLOSE_WITHIN_MS, exit.remainingMs() / 2);
  const parts = {
    gauges: gauges && (() => gauges.stop()),
    inboxes: inboxWatch && (() => inboxWatch.stop()),
    traces: exporter && (() => exporter.close()),
    health: health?.close,
    'database and provider': close,
  };
  await closeParts(parts, closeWithinMs(), log);
  // What the others may still use comes last.
  await closeParts({ temporal: () => connection.close() }, closeWithinMs(), log);
  exit.done();
}

function installRuntime(config: WorkerConfig, log: ReturnType<typeof createLog>): void {
  const { metricsAddress } = config;
  try {
    installWith(metricsAddress, log);
  } catch (error) {
    if (metricsAddress === undefined) throw error;
    throw new StartError(
      'METRICS_ADDRESS: cannot serve metrics on this address; check whether the port is in use.',
    );
  }
}

function installWith(metricsAddress: string | undefined, log: ReturnType<typeof createLog>): void {
  Runtime.install({
    logger: createTemporalLogger(log),
    shutdownSignals: ['SIGINT', 'SIGTERM'],
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
      ...metricsOptions(metricsAddress),
    },
  });
}

async function connect({ connectionOptions }: TemporalConfig): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(connectionOptions);
  } catch {
    const { address = 'localhost:7233' } = connectionOptions;
    throw new StartError(
      `Cannot reach a Temporal server at ${address}: check TEMPORAL_ADDRESS, TLS and API key.`,
    );
  }
}

async function assertSearchAttributes(
  connection: NativeConnection,
  namespace: string,
  log: ReturnType<typeof createLog>,
): Promise<void> {
  const check = await checkSearchAttributes(connection, namespace).catch((error: unknown) => {
    throw new StartError(
      `Cannot list the search attributes of namespace ${namespace} (gRPC status ${codeOf(error)}): check that it exists and that this worker may access it.`,
    );
  });
  if (check.kind === 'complete') return;
  if (check.kind === 'not-told') {
    log.warn(
      { namespace, searchAttributes: SEARCH_ATTRIBUTE_NAMES },
      'the server does not let this worker list search attributes: check that the namespace has these with type Keyword',
    );
    return;
  }
  throw new StartError(
    `Namespace ${namespace} lacks the search attributes ${check.names.join(', ')} (type Keyword). Register them with: npx durable-sms setup`,
  );
}

await runProcess('The worker', main);
