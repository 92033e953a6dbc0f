import assert from 'node:assert/strict';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ActivityPorts } from '../../src/activities/ports.js';
import { WORKFLOW_TYPE } from '../../src/domain/names.js';
import type { SendOutcome } from '../../src/domain/send-outcome.js';
import type { LoggedSms, SentLog } from '../../src/domain/sent-log.js';
import type { SmsJob } from '../../src/domain/sms-job.js';
import { createDataConverter } from '../../src/encryption/data-converter.js';
import { createSmsWorker } from '../../src/worker/create-worker.js';
import { LONELY_RUNS, PATIENT_TASKS } from '../support/lonely-runs.js';
import { durationOf, fetchHistory, sendAttemptsIn } from '../support/run-history.js';
import { sharedWorkflowBundle } from '../support/shared-parts.js';
import { startTimeSkipping } from '../support/time-skipping.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ACCEPTED: SendOutcome = { kind: 'accepted', messageId: 'b'.repeat(40), httpStatus: 200 };
const LOST: SendOutcome = { kind: 'unknown', reason: 'the reply was empty', httpStatus: 200 };
const CLEAN: SentLog = { kind: 'read', rows: [], incomplete: undefined, reachesBack: true };
const SILENT: SentLog = { kind: 'unreadable', reason: 'the reply was HTTP 500' };
const job: SmsJob = {
  recipientPhone: '+33639980001',
  message: 'Bonjour',
  accountId: '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e',
};

describe('settling over hours', function () {
  // Hundreds of steps by the skipped clock, beside other tests.
  this.timeout('10 minutes');
  let environment: TestWorkflowEnvironment;
  before(async () => {
    environment = await startTimeSkipping();
  });
  after(() => environment.teardown());

  /** Runs one send whose first request is lost; `readLog` gets the minutes since then, by the skipped clock. */
  async function send(
    readLog: (minutes: number) => SentLog,
    options: SmsJob['options'] = {},
    faults: Partial<ActivityPorts> = {},
  ) {
    const taskQueue = `sms-${String(Math.random()).slice(2)}`;
    const minutes: number[] = [];
    let lostAtMs = 0;
    let requests = 0;
    const ports: ActivityPorts = {
      accounts: { findEncryptedApiKey: () => Promise.resolve('stored') },
      vault: { reseal: (stored) => stored, unseal: (sealed) => sealed },
      provider: {
        send: async () => {
          if (requests++ > 0) return ACCEPTED;
          lostAtMs = await environment.currentTimeMs();
          return LOST;
        },
      },
      sentLog: {
        read: async () => {
          const minute = ((await environment.currentTimeMs()) - lostAtMs) / MINUTE_MS;
          minutes.push(minute);
          return readLog(minute);
        },
      },
      runs: LONELY_RUNS,
      tasks: PATIENT_TASKS,
      plainJobs: 'admitted',
      listingLagMs: 0,
      recipientKey: () => '0'.repeat(64),
      now: () => 0,
      wait: () => Promise.resolve(),
      ...faults,
    };
    const { nativeConnection: connection, client } = environment;
    const worker = await createSmsWorker({
      connection,
      namespace: 'default',
      taskQueue,
      ports,
      dataConverter: createDataConverter([]),
      workflowBundle: await sharedWorkflowBundle(),
    });
    const workflowId = `send-${taskQueue}`;
    const result = await worker.runUntil(() =>
      client.workflow
        .execute(WORKFLOW_TYPE, { taskQueue, workflowId, args: [{ ...job, options }] })
        .then((value: unknown) => ({ value }))
        .catch((error: unknown) => ({ failure: error instanceof Error ? error.cause : error })),
    );
    const history = await fetchHistory(client, workflowId);
    return { result, minutes, history, requests, hours: durationOf(history) / HOUR_MS, lostAtMs };
  }

  const codeOf = (result: object) =>
    'failure' in result && result.failure instanceof Error && 'type' in result.failure
      ? result.failure.type
      : result;
  /** Each reading in the minute that it was to be made in, or up to 15 s later, and 10 s for each before it: each wait is a little longer by chance. */
  function assertMinutes(actual: readonly number[], wanted: readonly number[]) {
    const rounded = actual.slice(0, wanted.length);
    assert.ok(
      wanted.every((minute, i) => rounded[i]! >= minute && rounded[i]! < minute + 0.25 + i / 6),
      rounded.map((minute) => minute.toFixed(2)).join(' '),
    );
  }

  it('asks the log after 10 s, 30 s, 2 min and 5 min, and sends again only then', async () => {
    const { result, minutes, history } = await send(() => CLEAN);
    assert.ok('value' in result);
    assert.equal(sendAttemptsIn(history), 2);
    // Then twice for a second message: at once, and when the window would end.
    assert.equal(minutes.length, 6);
    assertMinutes(minutes, [1 / 6, 1 / 2, 2, 5, 5, 10]);
    const timers = history.events?.flatMap(({ timerStartedEventAttributes: timer }) =>
      timer
        ? [
            Number(timer.startToFireTimeout?.seconds ?? 0) * 1_000 +
              (timer.startToFireTimeout?.nanos ?? 0) / 1e6,
          ]
        : [],
    );
    // Put off by chance, so that runs that failed in one moment do not look in one moment.
    assert.ok(
      timers?.[0] !== undefined && timers[0] >= 10_000 && timers[0] <= 12_000 && timers[0] !== 10_000,
      String(timers),
    );
  });

  it('asks on while the log does not answer, 1 to 15 min apart, and goes on when it does', async () => {
    const { result, minutes, requests } = await send((minute) => (minute < 70 ? SILENT : CLEAN), {
      unknownChecksMs: [60_000],
    });
    assert.ok('value' in result);
    assert.equal(requests, 2);
    assertMinutes(minutes, [1, 2, 4, 8, 16, 31, 46, 61, 76]);
  });

  it('ends as SEND_OUTCOME_UNKNOWN at the deadline, with few events', async () => {
    const { result, hours, history, requests } = await send(() => SILENT);
    assert.equal(codeOf(result), 'SEND_OUTCOME_UNKNOWN');
    assert.equal(requests, 1);
    assert.ok(hours >= 24 && hours < 24.1, `${hours} h`);
    assert.ok((history.events?.length ?? 0) < 2_000, `${history.events?.length ?? 0} events`);
  });

  it('stays within a history when it is held for thirty days', async () => {
    const expiresAt = new Date((await environment.currentTimeMs()) + 29.9 * 24 * HOUR_MS).toISOString();
    const { result, hours, history } = await send(() => CLEAN, { onUnknown: 'hold', expiresAt });
    assert.equal(codeOf(result), 'SEND_OUTCOME_UNKNOWN');
    assert.ok(hours > 29 * 24, `${hours} h`);
    assert.ok((history.events?.length ?? 0) < 15_000, `${history.events?.length ?? 0} events`);
  });

  it('takes a key that cannot be had for a log that cannot be read', async () => {
    let loads = 0;
    const accounts = {
      findEncryptedApiKey: () => Promise.resolve(++loads === 1 || loads > 4 ? 'stored' : undefined),
    };
    const { result, requests } = await send(() => CLEAN, { unknownChecksMs: [1_000, 2_000] }, { accounts });
    assert.ok('value' in result);
    assert.equal(requests, 2);
  });

  it('holds a send whose account has another API key since the request: its log is another one', async () => {
    let loads = 0;
    const accounts = { findEncryptedApiKey: () => Promise.resolve(++loads === 1 ? 'old' : 'new') };
    const { result, requests } = await send(() => CLEAN, {}, { accounts });
    assert.equal(codeOf(result), 'SEND_OUTCOME_UNKNOWN');
    assert.equal(requests, 1);
  });

  it('does not believe a log, after hours in which it did not answer, that has lost its older rows', async () => {
    // The worker's own clock stands still while the skipped one jumps.
    const startMs = await environment.currentTimeMs();
    let nowMs = 0;
    const gone: SentLog = { ...CLEAN, reachesBack: false };
    const readLog = (minute: number): SentLog => {
      nowMs = startMs + minute * MINUTE_MS;
      return minute < 70 ? SILENT : gone;
    };
    const { result, requests } = await send(readLog, { unknownChecksMs: [60_000] }, { now: () => nowMs });
    assert.equal(codeOf(result), 'SEND_OUTCOME_UNKNOWN');
    assert.equal(requests, 1);
  });

  it('fails with the gateway’s code when its phone failed to send the message', async () => {
    const startMs = await environment.currentTimeMs();
    const row: LoggedSms = {
      messageIds: ['c'.repeat(40)],
      number: '+33639980001',
      text: 'Bonjour',
      time: { kind: 'exact', atMs: startMs + 1_000 },
      failure: 'no_service',
    };
    const { result, requests } = await send(() => ({
      kind: 'read',
      rows: [row],
      incomplete: undefined,
      reachesBack: true,
    }));
    assert.equal(codeOf(result), 'MESSAGE_SEND_FAILED');
    const { failure } = result as { failure: { details: unknown[] } };
    assert.deepEqual(failure.details, [{ attempt: 1, providerCode: 'no_service' }]);
    assert.equal(requests, 1);
  });

  it('does not take one failed request for proof when another one is unexplained', async () => {
    const row = (atMs: number): LoggedSms => ({
      ...{ messageIds: ['c'.repeat(40)], number: '+33639980001', text: 'Bonjour', failure: 'no_service' },
      time: { kind: 'exact', atMs },
    });
    const startMs = await environment.currentTimeMs();
    const { result } = await send(
      (minutes) =>
        minutes < 5.9
          ? CLEAN
          : { kind: 'read', rows: [row(startMs + 5 * MINUTE_MS)], incomplete: undefined, reachesBack: true },
      {},
      { provider: { send: () => Promise.resolve(LOST) } },
    );
    assert.equal(codeOf(result), 'SEND_OUTCOME_UNKNOWN');
  });
});
