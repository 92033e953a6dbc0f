import type { WorkerDeploymentOptions } from '@temporalio/worker';
import type { WorkerDeployment } from '../config.js';

/**
 * Which build this worker is, in Temporal's terms. A run that a build has begun stays with it until
 * it ends: no deploy changes the code under a send.
 */
export function toDeploymentOptions({ name, buildId }: WorkerDeployment): WorkerDeploymentOptions {
  return {
    version: { deploymentName: name, buildId },
    useWorkerVersioning: true,
    defaultVersioningBehavior: 'PINNED',
  };
}
