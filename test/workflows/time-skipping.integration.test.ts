import assert from 'node:assert/strict';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { SmsError } from '../../src/domain/errors.js';
import type { SmsJob } from '../../src/domain/sms-job.js';
import type { ActivityPorts } from '../../src/activities/ports.js';
import type { SendOutcome } from '../../src/domain/send-outcome.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import { createDataConverter } from '../../src/data-converter/data-converter.js';
import { createSmsWorker } from '../../src/worker/create-worker.js';
import { LONELY_RUNS, PATIENT_TASKS } from '../support/lonely-runs.js';
import { activitiesIn, durationOf, fetchHistory, sendAttemptsIn } from '../support/run-history.js';
import { sharedWorkflowBundle } from '../support/shared-parts.js';
import { startTimeSkipping } from '../support/time-skipping.js';

const ACCEPTED: SendOutcome = { kind: 'accepted', messageId: 'a'.repeat(40), httpStatus: 200 };
const OFFLINE: SendOutcome = {
  kind: 'not-sent',
  code: 'PROVIDER_UNAVAILABLE',
  reason: 'the phone is offline',
};
const job: SmsJob = {
  recipientPhone: '+33639980001',
  message: 'Bonjour',
  accountId: '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e',
};
const HOUR_MS = 3_600_000;

describe('sending over hours', () => {
  let environment: TestWorkflowEnvironment;
  before(async () => {
    environment = await startTimeSkipping();
  });
  after(() => environment.teardown());

  /** The skipped time since it was first asked for, in milliseconds: within the run, however long its worker took to start. */
  function stopwatch(): () => Promise<number> {
    let startMs: number | undefined;
    return async () => {
      const nowMs = await environment.currentTimeMs();
      return nowMs - (startMs ??= nowMs);
    };
  }

  /** Runs one send against faked faults, and says how long it took by the skipped clock. */
  async function send(faults: Partial<ActivityPorts>, changes: Partial<SmsJob> = {}) {
    const taskQueue = `sms-${String(Math.random()).slice(2)}`;
    const worker = await createSmsWorker({
      connection: environment.nativeConnection,
      namespace: 'default',
      taskQueue,
      ports: { ...WORKING_PORTS, ...faults },
      dataConverter: createDataConverter([]),
      workflowBundle: await sharedWorkflowBundle(),
    });
    const workflowId = `send-${taskQueue}`;
    const result = await worker.runUntil(() =>
      environment.client.workflow
        .execute(WORKFLOW_TYPE, { taskQueue, workflowId, args: [{ ...job, ...changes }] })
        .then((value: unknown) => ({ value }))
        .catch((error: unknown) => ({ code: codeOf(error) })),
    );
    const history = await fetchHistory(environment.client, workflowId);
    return { result, elapsedMs: durationOf(history), history };
  }

  it('sends when the phone comes online after an afternoon', async () => {
    const sinceFirstCall = stopwatch();
    const { result, elapsedMs, history } = await send({
      provider: { send: async () => ((await sinceFirstCall()) < 5 * HOUR_MS ? OFFLINE : ACCEPTED) },
    });
    assert.ok('value' in result);
    assert.ok(elapsedMs >= 5 * HOUR_MS && elapsedMs < 5.5 * HOUR_MS, `${elapsedMs / HOUR_MS} h`);
    const attempts = sendAttemptsIn(history);
    assert.ok(attempts > 20 && attempts < 50, `${attempts} attempts`);
    assert.ok((history.events?.length ?? 0) < 1000, `${history.events?.length ?? 0} events`);
  });

  it('waits as long as Retry-After says', async () => {
    let requests = 0;
    const limited: SendOutcome = {
      kind: 'not-sent',
      code: 'RATE_LIMITED',
      reason: 'slow',
      retryAfterMs: 2 * HOUR_MS,
    };
    const { result, elapsedMs } = await send({
      provider: { send: () => Promise.resolve(requests++ === 0 ? limited : ACCEPTED) },
    });
    assert.ok('value' in result);
    assert.equal(requests, 2);
    assert.ok(elapsedMs >= 2 * HOUR_MS && elapsedMs < 2.1 * HOUR_MS, `${elapsedMs / HOUR_MS} h`);
  });

  it('ends as MESSAGE_EXPIRED after 24 hours, not earlier and not later', async () => {
    const { result, elapsedMs, history } = await send({ provider: { send: () => Promise.resolve(OFFLINE) } });
    assert.deepEqual(result, { code: 'MESSAGE_EXPIRED' });
    assert.ok(elapsedMs >= 24 * HOUR_MS && elapsedMs < 24.1 * HOUR_MS, `${elapsedMs / HOUR_MS} h`);
    assert.ok((history.events?.length ?? 0) < 4000, `${history.events?.length ?? 0} events`);
  });

  it('expires at expiresAt, and makes no request when that has passed', async () => {
    const expiresAt = new Date((await environment.currentTimeMs()) - 1000).toISOString();
    const { result, history } = await send({}, { options: { expiresAt } });
    assert.deepEqual(result, { code: 'MESSAGE_EXPIRED' });
    assert.ok(!activitiesIn(history).includes('sendSms'));
  });

  it('waits for the time in its job, and has 24 hours from then on', async () => {
    const nowMs = await environment.currentTimeMs();
    const sendAt = new Date(nowMs + 48 * HOUR_MS).toISOString();
    let firstMs: number | undefined;
    const { result, elapsedMs } = await send(
      {
        provider: {
          send: async () => {
            firstMs ??= await environment.currentTimeMs();
            return OFFLINE;
          },
        },
      },
      { options: { sendAt } },
    );
    assert.deepEqual(result, { code: 'MESSAGE_EXPIRED' });
    assert.ok(firstMs !== undefined && firstMs >= Date.parse(sendAt));
    assert.ok(elapsedMs > 71.9 * HOUR_MS && elapsedMs < 72.1 * HOUR_MS, `${elapsedMs / HOUR_MS} h`);
  });

  it('survives a database that is away for a day but for its last minutes', async () => {
    const sinceFirstCall = stopwatch();
    const { result, elapsedMs, history } = await send({
      accounts: {
        findEncryptedApiKey: async () => {
          if ((await sinceFirstCall()) > 23.9 * HOUR_MS) return 'stored';
          throw new SmsError('DATABASE_UNAVAILABLE');
        },
      },
    });
    assert.ok('value' in result);
    assert.ok(elapsedMs > 23.9 * HOUR_MS, `${elapsedMs / HOUR_MS} h`);
    assert.ok((history.events?.length ?? 0) < 60, `${history.events?.length ?? 0} events`);
  });

  it('reads the key again before each attempt, so that a new one is used', async () => {
    const keys: string[] = [];
    let loads = 0;
    const { result } = await send({
      accounts: { findEncryptedApiKey: () => Promise.resolve(`stored-${String(++loads)}`) },
      provider: {
        send: ({ apiKey }) => {
          keys.push(apiKey);
          return Promise.resolve(keys.length < 3 ? OFFLINE : ACCEPTED);
        },
      },
    });
    assert.ok('value' in result);
    assert.deepEqual(keys, ['stored-1', 'stored-2', 'stored-3']);
  });
});

/** Ports without faults; the vault seals nothing, as this is about time. */
const WORKING_PORTS: ActivityPorts = {
  accounts: { findEncryptedApiKey: () => Promise.resolve('stored') },
  vault: { reseal: (stored) => stored, unseal: (sealed) => sealed },
  provider: { send: () => Promise.resolve(ACCEPTED) },
  sentLog: {
    read: () => Promise.resolve({ kind: 'read', rows: [], incomplete: undefined, reachesBack: true }),
  },
  runs: LONELY_RUNS,
  tasks: PATIENT_TASKS,
  wait: () => Promise.resolve(),
  plainJobs: 'admitted',
  listingLagMs: 0,
  recipientKey: () => '0'.repeat(64),
  // The skipped clock runs ahead of the machine's: for an activity, it is always early.
  now: () => 0,
};

function codeOf(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'type' in cause ? cause.type : error;
}
