import type { DataConverter } from '@temporalio/common';
import { Worker, type NativeConnection } from '@temporalio/worker';
import { createActivities } from '../activities/create-activities.js';
import type { ActivityPorts } from '../activities/ports.js';
import { workflowSource } from './workflow-source.js';

/** A request to the provider takes 30 s at most: a worker that is told to stop lets it finish. */
const SHUTDOWN_GRACE = '45 seconds';

/** The end of the patience with code that does not stop. */
const SHUTDOWN_FORCE = '55 seconds';

/** A worker of the send workflow and its activities; not running yet. */
export async function createSmsWorker(options: {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  ports: ActivityPorts;
  dataConverter: DataConverter;
}): Promise<Worker> {
  return await Worker.create({
    connection: options.connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue,
    activities: createActivities(options.ports),
    ...workflowSource(),
    dataConverter: options.dataConverter,
    shutdownGraceTime: SHUTDOWN_GRACE,
    shutdownForceTime: SHUTDOWN_FORCE,
  });
}
