import type { NativeConnection, Worker } from '@temporalio/worker';
import type { ActivityPorts } from '../activities/ports.js';
import { grpcStatusOf } from '../temporal/grpc-status.js';
import { translateTemporalError } from '../temporal/temporal-errors.js';
import { NotWellError, type HealthChecks } from './health-server.js';
import type { PollerMonitor } from './poller-monitor.js';

/** The nil UUID (RFC 9562): looking it up proves that the table can be read. */
const NO_ACCOUNT = '00000000-0000-0000-0000-000000000000';

/** Shorter than a check may take, in milliseconds. */
const ASK_TEMPORAL_WITHIN_MS = 4_000;

/** gRPC status (grpc.io, "Status codes"). */
const CANCELLED = 1;

/** What the health of a worker is read from; the worker itself comes later. */
export interface HealthParts {
  readonly connection: Pick<NativeConnection, 'withDeadline' | 'workflowService'>;
  readonly namespace: string;
  readonly accounts: ActivityPorts['accounts'];
  readonly worker: () => Pick<Worker, 'getState' | 'getStatus'> | undefined;
  readonly pollers: Pick<PollerMonitor, 'stuck'>;
}

/**
 * Live: the worker has not failed, and Temporal sees its pollers; a restart may help where that is
 * not so. It would not help against a database or a Temporal server that is away, which are about
 * being ready only.
 *
 * Ready: the worker polls, and database and Temporal answer.
 */
export function healthChecks(parts: HealthParts): { live: HealthChecks; ready: HealthChecks } {
  const { connection, namespace, accounts, worker } = parts;
  const pollers = () => {
    const stuck = parts.pollers.stuck();
    if (stuck.length > 0) {
      throw new NotWellError(`Temporal has not seen the ${stuck.join(' and ')} pollers for 3 minutes`);
    }
  };
  return {
    live: {
      worker: () => {
        if (worker()?.getState() === 'FAILED') throw new NotWellError('the worker has failed');
      },
      pollers,
    },
    ready: {
      worker: () => {
        const {
          runState = 'STARTING',
          workflowPollerState,
          activityPollerState,
        } = worker()?.getStatus() ?? {};
        const isPolling = workflowPollerState === 'POLLING' && activityPollerState === 'POLLING';
        if (runState !== 'RUNNING' || !isPolling) {
          throw new NotWellError(`the worker does not poll (${runState.toLowerCase()})`);
        }
      },
      pollers,
      database: () => accounts.findEncryptedApiKey(NO_ACCOUNT),
      temporal: async () => {
        try {
          await connection.withDeadline(Date.now() + ASK_TEMPORAL_WITHIN_MS, () =>
            connection.workflowService.describeNamespace({ namespace }),
          );
        } catch (error) {
          // Nothing else ends this call: so the core says that its deadline has passed.
          if (grpcStatusOf(error) === CANCELLED) throw new NotWellError('Temporal did not answer in time');
          throw translateTemporalError(error);
        }
      },
    },
  };
}
