import type { NativeConnection, Worker } from '@temporalio/worker';
import type { ActivityPorts } from '../activities/ports.js';
import { startHealthServer, type HealthServer } from './health-server.js';

/** The nil UUID (RFC 9562): looking it up proves that the table can be read. */
const NO_ACCOUNT = '00000000-0000-0000-0000-000000000000';

/** What the health of a worker is read from; the worker itself comes later. */
export interface HealthParts {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly accounts: ActivityPorts['accounts'];
  readonly worker: () => Worker | undefined;
}

/** Live: the worker has not failed. Ready: it polls, and database and Temporal answer. */
export function startHealth(address: string, parts: HealthParts): Promise<HealthServer> {
  const state = () => parts.worker()?.getState() ?? 'INITIALIZED';
  return startHealthServer({
    address,
    live: {
      worker: () => {
        if (state() === 'FAILED') throw new Error('failed');
      },
    },
    ready: {
      worker: () => {
        if (state() !== 'RUNNING') throw new Error('not polling');
      },
      database: () => parts.accounts.findEncryptedApiKey(NO_ACCOUNT),
      temporal: () => parts.connection.workflowService.describeNamespace({ namespace: parts.namespace }),
    },
  });
}
