import type { NativeConnection, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { healthChecks, type HealthParts } from './health-checks.js';
import { startHealthServer, type HealthServer } from './health-server.js';
import { logChanges } from './log-changes.js';
import { watchPollers } from './poller-monitor.js';
import { describePollers } from './describe-pollers.js';

/**
 * Serves the health of a worker on `host:port`, watches its pollers for that, and logs each change
 * that a probe finds.
 */
export async function startHealth(
  address: string,
  parts: Omit<HealthParts, 'pollers' | 'connection' | 'worker'> & {
    readonly connection: NativeConnection;
    readonly taskQueue: string;
    readonly worker: () => Worker | undefined;
    readonly log: Logger;
  },
): Promise<HealthServer> {
  const { connection, namespace, taskQueue, log } = parts;
  const pollers = watchPollers(async () => {
    const worker = parts.worker();
    if (worker?.getState() !== 'RUNNING') return undefined;
    return await describePollers(connection, { namespace, taskQueue, identity: worker.options.identity });
  });
  try {
    const server = await startHealthServer({
      address,
      ...healthChecks({ ...parts, pollers }),
      onLive: logChanges(log, { well: 'live', ill: 'not live' }),
      onReady: logChanges(log, { well: 'ready', ill: 'not ready' }),
    });
    return {
      port: server.port,
      async close() {
        await pollers.stop();
        await server.close();
      },
    };
  } catch (error) {
    await pollers.stop();
    throw error;
  }
}
