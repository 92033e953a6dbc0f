import type { DataConverter } from '@temporalio/common';
import { Runtime, Worker, type NativeConnection, type WorkflowBundle } from '@temporalio/worker';
import { createActivities } from '../activities/create-activities.js';
import type { ActivityPorts } from '../activities/ports.js';
import type { WorkerDeployment } from '../config.js';
import { omitUndefined } from '../domain/omit-undefined.js';
import { initCounters } from '../observability/init-counters.js';
import { measureActivities } from '../observability/measure-activities.js';
import { measurePorts } from '../observability/measure-ports.js';
import { createSmsMetrics, type SmsMetrics } from '../observability/sms-metrics.js';
import type { WorkerTracing } from '../observability/worker-tracing.js';
import type { WorkerTuning } from './tuning.js';
import { toDeploymentOptions } from './versioning.js';
import { workflowSource } from './workflow-source.js';

/** A request to the provider takes 30 s at most: a worker that is asked to stop lets it finish. */
const SHUTDOWN_GRACE = '45 seconds';

/** How long code that does not stop is waited for. */
const SHUTDOWN_FORCE = '55 seconds';

/** A worker of the send workflow and its activities; not running yet. */
export async function createSmsWorker(options: {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  ports: ActivityPorts;
  dataConverter: DataConverter;
  /** The metrics of the process's runtime if left out. */
  metrics?: SmsMetrics;
  /** No spans if left out. */
  tracing?: WorkerTracing | undefined;
  /** Pins runs to this build. */
  deployment?: WorkerDeployment | undefined;
  /** What a benchmark tries out. */
  tuning?: WorkerTuning;
  /** @default the bundle of the build, else one that is made from the sources at start */
  workflowBundle?: WorkflowBundle | undefined;
}): Promise<Worker> {
  initCounters(Runtime.instance().metricMeter, options);
  const metrics = options.metrics ?? createSmsMetrics(Runtime.instance().metricMeter);
  const measured = measurePorts(options.ports, metrics);
  const ports = options.tracing?.tracePorts(measured) ?? measured;
  const { failureConverterPath } = options.dataConverter;
  const { interceptors, ...source } = workflowSource({
    failureConverterPath,
    bundle: options.workflowBundle,
  });
  const started: { worker?: Worker } = {};
  const isStopping = () => isOver(started.worker);
  started.worker = await Worker.create({
    connection: options.connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue,
    activities: measureActivities(createActivities(ports, isStopping), metrics),
    ...source,
    ...options.tuning,
    interceptors: {
      ...interceptors,
      ...omitUndefined({ activity: options.tracing && [options.tracing.interceptor] }),
    },
    dataConverter: options.dataConverter,
    ...omitUndefined({
      workerDeploymentOptions: options.deployment && toDeploymentOptions(options.deployment),
    }),
    shutdownGraceTime: SHUTDOWN_GRACE,
    shutdownForceTime: SHUTDOWN_FORCE,
  });
  return started.worker;
}

function isOver(worker: Worker | undefined): boolean {
  return worker !== undefined && !['INITIALIZED', 'RUNNING'].includes(worker.getState());
}
