import assert from 'node:assert/strict';
import type { ActivityPorts } from '../../src/activities/ports.js';
import type { SendOutcome } from '../../src/domain/send-outcome.js';
import {
  createPorts,
  createRunner,
  failureOf,
  fakeProvider,
  NOW,
  RUN,
  START_TO_CLOSE_MS,
} from './activity-fixture.js';

const ACCEPTED: SendOutcome = { kind: 'accepted', messageId: 'id-1', httpStatus: 200 };

describe('sendSms and its deadlines', () => {
  for (const deadlineMs of [NOW - 1, NOW]) {
    it(`fails with MESSAGE_EXPIRED, and makes no request, ${NOW - deadlineMs} ms after the deadline`, async () => {
      const provider = fakeProvider(() => ACCEPTED);
      const failure = await failureOf(
        createRunner(createPorts({ provider })).send({ deadlineMs }),
        'MESSAGE_EXPIRED',
      );
      assert.equal(failure.nonRetryable, true);
      assert.deepEqual(failure.details, [{ attempt: 3 }]);
      assert.equal(provider.requests.length, 0);
    });
  }

  /** A provider whose connection takes so long, then asks whether it may still write. */
  const afterWaiting = (waitMs: number) => {
    let clock = NOW;
    const provider = fakeProvider(({ refuseToWrite }) => {
      clock += waitMs;
      const reason = refuseToWrite?.();
      return reason === undefined ? ACCEPTED : { kind: 'not-sent', code: 'PROVIDER_UNAVAILABLE', reason };
    });
    return createRunner(createPorts({ provider, now: () => clock }));
  };

  it('refuses to write after the machine was suspended past the start-to-close time-out', async () => {
    const failure = await failureOf(afterWaiting(START_TO_CLOSE_MS + 1).send(), 'PROVIDER_UNAVAILABLE');
    assert.equal(failure.nonRetryable, false);
    assert.match(failure.message, /suspended for too long/);
  });

  it('writes until its start-to-close time-out', async () => {
    const sent = await afterWaiting(START_TO_CLOSE_MS).send();
    assert.equal(sent.messageId, 'id-1');
  });

  it('refuses to write when the deadline passes while it connects', async () => {
    for (const waitMs of [5_000, 6_000]) {
      const failure = await failureOf(
        afterWaiting(waitMs).send({ deadlineMs: NOW + 5_000 }),
        'MESSAGE_EXPIRED',
      );
      assert.equal(failure.nonRetryable, true);
    }
  });

  it('returns the message id accepted after the deadline when the request was written before it', async () => {
    let clock = NOW;
    const provider = fakeProvider(({ refuseToWrite }) => {
      assert.equal(refuseToWrite?.(), undefined);
      clock += 10_000;
      return ACCEPTED;
    });
    const runner = createRunner(createPorts({ provider, now: () => clock }));
    assert.equal((await runner.send({ deadlineMs: NOW + 5_000 })).messageId, 'id-1');
  });

  /** A task that was scheduled so long ago; `findStart` is Temporal's word, or its lack. */
  const scheduledAgo = (agoMs: number, findStart: ActivityPorts['tasks']['findStart'], waitMs = 0) => {
    const asked: unknown[] = [];
    let clock = NOW;
    const provider = fakeProvider(({ refuseToWrite }) => {
      clock += waitMs;
      const reason = refuseToWrite?.();
      return reason === undefined ? ACCEPTED : { kind: 'not-sent', code: 'PROVIDER_UNAVAILABLE', reason };
    });
    const tasks: ActivityPorts['tasks'] = { findStart: (task) => (asked.push(task), findStart(task)) };
    const ports = createPorts({ provider, tasks, now: () => clock });
    return { asked, provider, runner: createRunner(ports, RUN.runId, 1, NOW - agoMs) };
  };
  const silent = () => Promise.reject(new Error('no answer'));

  it('does not query Temporal about a fresh task', async () => {
    const { runner, asked } = scheduledAgo(20_000, silent);
    assert.equal((await runner.send()).messageId, 'id-1');
    assert.deepEqual(asked, []);
  });

  it('sends for an old task that Temporal still waits for, if it writes soon', async () => {
    const waits = () => Promise.resolve({ startedAtMs: NOW });
    const { runner, asked } = scheduledAgo(3_600_000, waits, 15_000);
    assert.equal((await runner.send()).messageId, 'id-1');
    assert.deepEqual(asked, [{ ...RUN, activityId: 'test' }]);
    const late = scheduledAgo(3_600_000, waits, 15_001);
    await failureOf(late.runner.send(), 'PROVIDER_UNAVAILABLE');
  });

  it('does not write for an old task when Temporal’s reply arrives late', async () => {
    let clock = NOW;
    const provider = fakeProvider(({ refuseToWrite }) => {
      const reason = refuseToWrite?.();
      return reason === undefined ? ACCEPTED : { kind: 'not-sent', code: 'PROVIDER_UNAVAILABLE', reason };
    });
    const tasks: ActivityPorts['tasks'] = {
      findStart: () => {
        clock += 30_000;
        return Promise.resolve({ startedAtMs: NOW });
      },
    };
    const runner = createRunner(
      createPorts({ provider, tasks, now: () => clock }),
      RUN.runId,
      1,
      NOW - 25_000,
    );
    await failureOf(runner.send(), 'PROVIDER_UNAVAILABLE');
  });

  it('does not write for an old task that was given up, however recently Temporal still waited for it', async () => {
    const waits = () => Promise.resolve({ startedAtMs: NOW - START_TO_CLOSE_MS + 1_000 });
    assert.equal((await scheduledAgo(70_000, waits, 1_000).runner.send()).messageId, 'id-1');
    await failureOf(scheduledAgo(70_000, waits, 1_001).runner.send(), 'PROVIDER_UNAVAILABLE');
  });

  for (const [when, findStart] of [
    ['Temporal has given it up', () => Promise.resolve(undefined)],
    ['Temporal does not answer', silent],
  ] as const) {
    it(`makes no request for an old task when ${when}`, async () => {
      const { runner, provider } = scheduledAgo(20_001, findStart);
      const failure = await failureOf(runner.send(), 'PROVIDER_UNAVAILABLE');
      assert.equal(failure.nonRetryable, false);
      assert.equal(provider.requests.length, 0);
    });
  }

  it('counts the start-to-close time-out of a fresh task from its scheduling, not from its start', async () => {
    const waits = () => Promise.resolve({ startedAtMs: NOW });
    const { runner } = scheduledAgo(10_000, waits, START_TO_CLOSE_MS - 9_999);
    await failureOf(runner.send(), 'PROVIDER_UNAVAILABLE');
  });
});
