import { setTimeout as wait } from 'node:timers/promises';
import type { NativeConnection } from '@temporalio/worker';
import { WORKFLOW_TYPE } from '../domain/names.js';
import { quote } from '../domain/visibility-query.js';
import type { SmsMetrics } from './sms-metrics.js';

/** Asks Temporal from time to time how many runs are held. */
export interface HeldRunsGauge {
  /** Ends the asking. */
  stop(): Promise<void>;
}

/**
 * Starts to ask, at once and then every `intervalMs`. Every worker asks for the whole task queue,
 * so all report the same number. While Temporal does not answer, the last number stays, and so does
 * its time.
 */
export function startHeldRunsGauge(options: {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  metrics: Pick<SmsMetrics, 'setHeld'>;
  intervalMs: number;
}): HeldRunsGauge {
  const { connection, namespace, taskQueue, metrics, intervalMs } = options;
  const query = [
    `WorkflowType = '${WORKFLOW_TYPE}'`,
    `TaskQueue = ${quote(taskQueue)}`,
    `ExecutionStatus = 'Running'`,
    `SmsStatus = 'held'`,
  ].join(' AND ');
  const end = new AbortController();

  async function ask(): Promise<void> {
    const { count } = await connection.withDeadline(Date.now() + intervalMs, () =>
      connection.workflowService.countWorkflowExecutions({ namespace, query }),
    );
    metrics.setHeld(Number(count), Date.now());
  }

  async function pollLoop(): Promise<void> {
    while (!end.signal.aborted) {
      // Its time shows that it is old.
      await ask().catch(() => undefined);
      await wait(intervalMs, undefined, { signal: end.signal, ref: false }).catch(() => undefined);
    }
  }

  const asking = pollLoop();
  return {
    async stop() {
      end.abort();
      await asking;
    },
  };
}
