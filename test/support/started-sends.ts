import assert from 'node:assert/strict';
import type { SmsJob, SmsRunStatus, SmsStatusReport } from '../../src/client.js';
import type { SmsErrorCode } from '../../src/domain/errors.js';
import { waitUntil } from '../../tools/servers/wait-until.js';
import type { FaultRule } from '../../tools/simulator/fault-rule.js';
import type { SimulatorRequest } from '../../tools/simulator/request-log.js';
import { fetchHistory, sendEndsIn } from './run-history.js';
import type { SendFixture } from './send-fixture.js';

/**
 * Longer than a request that Temporal gives up, its check of the log, and a slow machine take
 * together.
 */
export const RECONCILED_WITHIN_MS = 4 * 60_000;

/** Short enough for a test; the last leaves time to mend what is broken. */
const SHORT_CHECKS_MS = [1_000, 3_000, 8_000];

/** A send that was started. */
export interface StartedSend {
  readonly job: SmsJob;
  readonly workflowId: string;
}

/** Starts a send whose window after an unknown outcome is short. */
export async function startSend(
  { client, job: createJob }: Pick<SendFixture, 'client' | 'job'>,
  options: SmsJob['options'] = {},
): Promise<StartedSend> {
  const job = createJob({ options: { unknownChecksMs: SHORT_CHECKS_MS, ...options } });
  const { workflowId } = await client.send(job);
  return { job, workflowId };
}

/** Starts a send whose first request meets this fault. */
export async function startFaultySend(
  fixture: Pick<SendFixture, 'client' | 'job' | 'simulator'>,
  fault: FaultRule,
  options: SmsJob['options'] = {},
): Promise<StartedSend> {
  const job = fixture.job();
  fixture.simulator.addFaults({ times: 1, ...fault, number: job.recipientPhone });
  return await startSend({ ...fixture, job: (changes) => ({ ...job, ...changes }) }, options);
}

/**
 * A send that has ended, whose requests met these faults, one each unless a fault says otherwise;
 * in doubt, it fails soon.
 */
export async function endedSend(
  { client, job: createJob, simulator }: Pick<SendFixture, 'client' | 'job' | 'simulator'>,
  faults: readonly Omit<FaultRule, 'number'>[],
  changes: Partial<SmsJob> = {},
): Promise<StartedSend> {
  const job = createJob({ options: { unknownChecksMs: [100], onUnknown: 'fail' }, ...changes });
  for (const fault of faults) simulator.addFaults({ times: 1, ...fault, number: job.recipientPhone });
  const sent = await client.send(job);
  await sent.result().catch(() => undefined);
  return { job, workflowId: sent.workflowId };
}

/** How the requests of this send came back, as `sendEndsIn` says. */
export async function endsOf(
  { temporal }: Pick<SendFixture, 'temporal'>,
  { workflowId }: StartedSend,
): Promise<string[]> {
  return sendEndsIn(await fetchHistory(temporal, workflowId));
}

/** The requests that reached the provider for this send. */
export function requestsFor(
  { simulator }: Pick<SendFixture, 'simulator'>,
  { job }: Pick<StartedSend, 'job'>,
): SimulatorRequest[] {
  return simulator.requests().filter(({ fields }) => fields['recipients'] === job.recipientPhone);
}

/** Waits until the provider has its request. */
export async function requestIsOut(
  fixture: Pick<SendFixture, 'simulator'>,
  send: StartedSend,
): Promise<void> {
  await waitUntil('the request to be out', () => requestsFor(fixture, send).length > 0);
}

/** Waits until a request of this run has failed with this code. */
export async function requestFailed(
  { temporal }: Pick<SendFixture, 'temporal'>,
  { workflowId }: StartedSend,
  code: SmsErrorCode,
): Promise<void> {
  await waitUntil(`a request to fail with ${code}`, async () =>
    sendEndsIn(await fetchHistory(temporal, workflowId)).includes(code),
  );
}

/** Waits until Temporal retries the loading of the key, for want of the database. */
export async function waitsForDatabase(
  { temporal }: Pick<SendFixture, 'temporal'>,
  { workflowId }: StartedSend,
): Promise<void> {
  const failure = await waitUntil('an attempt to load the key that failed', async () => {
    const { raw } = await temporal.workflow.getHandle(workflowId).describe();
    return raw.pendingActivities?.find(({ lastFailure }) => lastFailure)?.lastFailure ?? undefined;
  });
  assert.equal(failure.applicationFailureInfo?.type, 'DATABASE_UNAVAILABLE');
}

/** Waits until a run has this status. */
export function statusIs(
  { client }: Pick<SendFixture, 'client'>,
  send: string | Pick<StartedSend, 'workflowId'>,
  wanted: SmsRunStatus,
): Promise<SmsStatusReport> {
  const workflowId = typeof send === 'string' ? send : send.workflowId;
  return waitUntil(
    `${workflowId} to be ${wanted}`,
    async () => {
      const report = await client.get(workflowId).status();
      return report.status === wanted && report;
    },
    { timeoutMs: RECONCILED_WITHIN_MS },
  );
}

/**
 * Waits for the ends of these runs, and asserts that each completed with the one message that its
 * recipient's phone has.
 */
export async function assertEachSentOnce(
  { client, simulator }: Pick<SendFixture, 'client' | 'simulator'>,
  sends: readonly StartedSend[],
): Promise<void> {
  for (const { job, workflowId } of sends) {
    const { status, code, messageId, possibleDuplicateOf } = await waitUntil(
      `${workflowId} to end`,
      async () => {
        const report = await client.get(workflowId).status();
        return !['running', 'checking', 'held'].includes(report.status) && report;
      },
      { timeoutMs: RECONCILED_WITHIN_MS, everyMs: 200 },
    );
    assert.equal(status, 'accepted', `${workflowId} ended as ${status}, ${code ?? 'without a code'}`);
    const received = simulator.messages().filter(({ recipient }) => recipient === job.recipientPhone);
    assert.deepEqual(
      received.map(({ id, text }) => ({ id, text })),
      [{ id: messageId, text: job.message }],
    );
    assert.equal(possibleDuplicateOf, undefined);
  }
}
