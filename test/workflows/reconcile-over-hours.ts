import assert from 'node:assert/strict';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ActivityPorts } from '../../src/activities/ports.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import type { SendOutcome } from '../../src/domain/send-outcome.js';
import type { SentMessages } from '../../src/domain/sent-messages.js';
import type { SmsJob } from '../../src/domain/sms-job.js';
import { createDataConverter } from '../../src/encryption/data-converter.js';
import { createSmsWorker } from '../../src/worker/create-worker.js';
import { NO_DELIVERIES, PATIENT_TASKS, RUNS_WITHOUT_WORKER } from '../support/runs-without-worker.js';
import { durationOf, fetchHistory } from '../support/run-history.js';
import { sharedWorkflowBundle } from '../support/shared-parts.js';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
const ACCEPTED: SendOutcome = { kind: 'accepted', messageId: 'b'.repeat(40), httpStatus: 200 };
export const LOST: SendOutcome = { kind: 'unknown', reason: 'the reply was empty', httpStatus: 200 };
export const CLEAN = {
  kind: 'read',
  rows: [],
  incomplete: undefined,
  reachesBack: true,
} satisfies SentMessages;
export const SILENT: SentMessages = { kind: 'unreadable', reason: 'the reply was HTTP 500' };
const job: SmsJob = {
  recipientPhone: '+33639980001',
  message: 'Bonjour',
  accountId: '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e',
};

/** Sends whose first request is lost, one at a time, on a server that skips time. */
export function reconcileOverHours(environment: () => TestWorkflowEnvironment) {
  /**
   * Runs one send whose first request is lost; `readLog` gets the minutes since then, by the
   * skipped clock. It is skipped once `meanwhile` has ended.
   */
  async function send(
    readLog: (minutes: number) => SentMessages,
    options: SmsJob['options'] = {},
    {
      meanwhile = () => Promise.resolve(),
      ...faults
    }: Partial<ActivityPorts> & { meanwhile?: (run: WorkflowHandle) => Promise<void> } = {},
  ) {
    const taskQueue = `sms-${String(Math.random()).slice(2)}`;
    const minutes: number[] = [];
    let lostAtMs = 0;
    let requests = 0;
    const ports: ActivityPorts = {
      accounts: { findEncryptedApiKey: () => Promise.resolve({ encryptedApiKey: 'stored' }) },
      policies: undefined,
      inboxes: { readSoon: () => Promise.resolve() },
      inbox: undefined,
      cipher: { reseal: (stored) => stored, unseal: (sealed) => sealed },
      provider: {
        send: async () => {
          if (requests++ > 0) return ACCEPTED;
          lostAtMs = await environment().currentTimeMs();
          return LOST;
        },
      },
      sentMessages: {
        read: async () => {
          const minute = ((await environment().currentTimeMs()) - lostAtMs) / MINUTE_MS;
          minutes.push(minute);
          return readLog(minute);
        },
      },
      runs: RUNS_WITHOUT_WORKER,
      deliveries: NO_DELIVERIES,
      tasks: PATIENT_TASKS,
      unencryptedJobs: 'admitted',
      listingLagMs: 0,
      recipientKey: () => '0'.repeat(64),
      now: () => 0,
      wait: () => Promise.resolve(),
      ...faults,
    };
    const { nativeConnection: connection, client } = environment();
    const worker = await createSmsWorker({
      connection,
      namespace: 'default',
      taskQueue,
      ports,
      dataConverter: createDataConverter([]),
      workflowBundle: await sharedWorkflowBundle(),
    });
    const workflowId = `send-${taskQueue}`;
    const result = await worker.runUntil(async () => {
      const run = await client.workflow.start(WORKFLOW_TYPE, {
        taskQueue,
        workflowId,
        args: [{ ...job, options }],
      });
      await meanwhile(run);
      return await run
        .result()
        .then((value: unknown) => ({ value }))
        .catch((error: unknown) => ({ failure: error instanceof Error ? error.cause : error }));
    });
    const history = await fetchHistory(client, workflowId);
    return { result, minutes, history, requests, hours: durationOf(history) / HOUR_MS, lostAtMs };
  }

  return send;
}

/** The code that a run failed with; its result if it did not. */
export const codeOf = (result: object) =>
  'failure' in result && result.failure instanceof Error && 'type' in result.failure
    ? result.failure.type
    : result;

/**
 * Each reading in the minute that it was to be made in, or up to 15 s later, and 10 s for each
 * before it: each wait is a little longer by chance.
 */
export function assertMinutes(actual: readonly number[], wanted: readonly number[]) {
  const rounded = actual.slice(0, wanted.length);
  assert.ok(
    wanted.every((minute, i) => rounded[i]! >= minute && rounded[i]! < minute + 0.25 + i / 6),
    rounded.map((minute) => minute.toFixed(2)).join(' '),
  );
}
