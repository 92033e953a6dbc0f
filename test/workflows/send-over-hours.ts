import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { SmsJob } from '../../src/domain/sms-job.js';
import type { ActivityPorts } from '../../src/activities/ports.js';
import type { SendOutcome } from '../../src/domain/send-outcome.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { createDataConverter } from '../../src/encryption/data-converter.js';
import { createSmsWorker } from '../../src/worker/create-worker.js';
import { NO_DELIVERIES, PATIENT_TASKS, RUNS_WITHOUT_WORKER } from '../support/runs-without-worker.js';
import { durationOf, fetchHistory } from '../support/run-history.js';
import { sharedWorkflowBundle } from '../support/shared-parts.js';

export const ACCEPTED: SendOutcome = { kind: 'accepted', messageId: 'a'.repeat(40), httpStatus: 200 };
export const OFFLINE: SendOutcome = {
  kind: 'not-sent',
  code: 'PROVIDER_UNAVAILABLE',
  reason: 'the phone is offline',
};
const job: SmsJob = {
  recipientPhone: '+33639980001',
  message: 'Bonjour',
  accountId: '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e',
};
export const HOUR_MS = 3_600_000;

/** Runs one send at a time on a server that skips time, against faked faults. */
export function sendOverHours(environment: () => TestWorkflowEnvironment) {
  /**
   * The skipped time since it was first asked for, in milliseconds: within the run, however long
   * its worker took to start.
   */
  function stopwatch(): () => Promise<number> {
    let startMs: number | undefined;
    return async () => {
      const nowMs = await environment().currentTimeMs();
      return nowMs - (startMs ??= nowMs);
    };
  }

  /** Runs one send against faked faults, and says how long it took by the skipped clock. */
  async function send(faults: Partial<ActivityPorts>, changes: Partial<SmsJob> = {}) {
    const taskQueue = `sms-${String(Math.random()).slice(2)}`;
    const worker = await createSmsWorker({
      connection: environment().nativeConnection,
      namespace: 'default',
      taskQueue,
      ports: { ...WORKING_PORTS, ...faults },
      dataConverter: createDataConverter([]),
      workflowBundle: await sharedWorkflowBundle(),
    });
    const workflowId = `send-${taskQueue}`;
    const result = await worker.runUntil(() =>
      environment()
        .client.workflow.execute(WORKFLOW_TYPE, { taskQueue, workflowId, args: [{ ...job, ...changes }] })
        .then((value: unknown) => ({ value }))
        .catch((error: unknown) => ({ code: codeOf(error) })),
    );
    const history = await fetchHistory(environment().client, workflowId);
    return { result, elapsedMs: durationOf(history), history };
  }

  return { stopwatch, send };
}

/** Ports without faults; the cipher seals nothing, as this is about time. */
const WORKING_PORTS: ActivityPorts = {
  accounts: { findEncryptedApiKey: () => Promise.resolve({ encryptedApiKey: 'stored' }) },
  policies: undefined,
  inboxes: { readSoon: () => Promise.resolve() },
  inbox: undefined,
  cipher: { reseal: (stored) => stored, unseal: (sealed) => sealed },
  provider: { send: () => Promise.resolve(ACCEPTED) },
  sentMessages: {
    read: () => Promise.resolve({ kind: 'read', rows: [], incomplete: undefined, reachesBack: true }),
  },
  runs: RUNS_WITHOUT_WORKER,
  deliveries: NO_DELIVERIES,
  tasks: PATIENT_TASKS,
  wait: () => Promise.resolve(),
  unencryptedJobs: 'admitted',
  listingLagMs: 0,
  recipientKey: () => '0'.repeat(64),
  // The skipped clock runs ahead of the machine's: for an activity, it is always early.
  now: () => 0,
};

function codeOf(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'type' in cause ? cause.type : error;
}
