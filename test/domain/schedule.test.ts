import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEFAULT_LIFETIME_MS, MAX_LIFETIME_MS } from '../../src/domain/replayed-constants.js';
import { deadlineOf, delayBeforeAttempt, runTimesOf, withJitter } from '../../src/domain/schedule.js';

const JOB = {
  recipientPhone: '+33639980001',
  message: 'x',
  accountId: '6f1c1f0e-2b1b-4a58-9d0a-0a6a6a1f0c11',
};
const NOW = Date.UTC(2030, 0, 1);
const DAY_MS = 24 * 60 * 60 * 1000;
const TEN_MINUTES_MS = 10 * 60_000;

/** A wait far from any deadline, without jitter. */
function delay(changes: Partial<Parameters<typeof delayBeforeAttempt>[0]> = {}): number {
  return delayBeforeAttempt({
    failedAttempt: 1,
    nowMs: NOW,
    deadlineMs: NOW + DAY_MS,
    jitter: 0,
    ...changes,
  });
}

/** A run that is just being started. */
const RUN = { startedAtMs: NOW, nowMs: NOW };
/** Within 30 days of the expiry below. */
const SOON = Date.UTC(2029, 11, 20);

describe('deadlineOf', () => {
  it('is 24 h after the start by default', () => {
    assert.equal(DEFAULT_LIFETIME_MS, DAY_MS);
    assert.equal(deadlineOf(JOB, RUN), NOW + DAY_MS);
    assert.equal(deadlineOf({ ...JOB, options: {} }, RUN), NOW + DAY_MS);
  });

  it('is the job’s expiresAt, in any time zone', () => {
    for (const expiresAt of ['2030-01-01T12:00:00Z', '2030-01-01T14:00:00+02:00']) {
      assert.equal(
        deadlineOf({ ...JOB, options: { expiresAt } }, { startedAtMs: SOON, nowMs: SOON }),
        Date.UTC(2030, 0, 1, 12),
      );
    }
  });
});

describe('the deadline of a scheduled message', () => {
  const sendAt = new Date(NOW + 60 * DAY_MS).toISOString();

  it('is 24 h after that time, however early its run was started or woken', () => {
    assert.equal(deadlineOf({ ...JOB, options: { sendAt } }, RUN), NOW + 61 * DAY_MS);
  });

  it('is 24 h after the start when that time has passed by then', () => {
    const options = { sendAt: new Date(NOW - DAY_MS).toISOString() };
    assert.equal(deadlineOf({ ...JOB, options }, RUN), NOW + DAY_MS);
  });

  it('is expiresAt, no later than 30 days after that time', () => {
    const expiring = (day: number) =>
      deadlineOf({ ...JOB, options: { sendAt, expiresAt: new Date(NOW + day * DAY_MS).toISOString() } }, RUN);
    assert.equal(expiring(80), NOW + 80 * DAY_MS);
    assert.equal(expiring(100), NOW + 90 * DAY_MS);
  });
});

describe('the times of a run', () => {
  /**
   * What a run may still wait for after its deadline: two windows of a day each; and Temporal's
   * patience with workers that are away.
   */
  const MARGIN_MS = 30 * DAY_MS;

  it('end it 30 days past its deadline, including its start delay', () => {
    assert.deepEqual(runTimesOf(JOB, NOW), { startDelayMs: 0, runTimeoutMs: DAY_MS + MARGIN_MS });
    const expiresAt = new Date(NOW + 30 * DAY_MS).toISOString();
    assert.deepEqual(runTimesOf({ ...JOB, options: { expiresAt } }, NOW), {
      startDelayMs: 0,
      runTimeoutMs: 30 * DAY_MS + MARGIN_MS,
    });
    const sendAt = new Date(NOW + 365 * DAY_MS).toISOString();
    assert.deepEqual(runTimesOf({ ...JOB, options: { sendAt } }, NOW), {
      startDelayMs: 365 * DAY_MS,
      runTimeoutMs: 366 * DAY_MS + MARGIN_MS,
    });
  });

  it('leave a run past its deadline enough time to report that', () => {
    const expiresAt = new Date(NOW - DAY_MS).toISOString();
    assert.deepEqual(runTimesOf({ ...JOB, options: { expiresAt } }, NOW), {
      startDelayMs: 0,
      runTimeoutMs: MARGIN_MS,
    });
  });

  it('end no run whose message is still followed', () => {
    const options = { follow: true, followChecksMs: [1, 7 * DAY_MS] };
    assert.equal(runTimesOf({ ...JOB, options }, NOW).runTimeoutMs, (1 + 7) * DAY_MS + MARGIN_MS);
    assert.equal(
      runTimesOf({ ...JOB, options: { follow: true } }, NOW).runTimeoutMs,
      (1 + 1) * DAY_MS + MARGIN_MS,
    );
    const unused = { follow: false, followChecksMs: [7 * DAY_MS] };
    assert.equal(runTimesOf({ ...JOB, options: unused }, NOW).runTimeoutMs, DAY_MS + MARGIN_MS);
  });

  it('end no run that may still wait, for any job', () => {
    const day = fc.integer({ min: -400, max: 400 });
    fc.assert(
      fc.property(fc.option(day), fc.option(day), (sendDay, expiryDay) => {
        const at = (offset: number | null) =>
          offset === null ? undefined : new Date(NOW + offset * DAY_MS).toISOString();
        const [sendAt, expiresAt] = [at(sendDay), at(expiryDay)];
        const options = {
          ...(sendAt === undefined ? {} : { sendAt }),
          ...(expiresAt === undefined ? {} : { expiresAt }),
        };
        const job = { ...JOB, options };
        const { startDelayMs, runTimeoutMs } = runTimesOf(job, NOW);
        const firstTaskMs = NOW + startDelayMs;
        const deadlineMs = deadlineOf(job, { startedAtMs: NOW, nowMs: firstTaskMs });
        assert.ok(NOW + runTimeoutMs >= Math.max(deadlineMs, firstTaskMs) + 2 * DAY_MS);
      }),
    );
  });
});

describe('the maximum life of a message', () => {
  it('is 30 days from the first moment it can be sent', () => {
    const far = { ...JOB, options: { expiresAt: '2099-01-01T00:00:00Z' } };
    assert.equal(deadlineOf(far, { startedAtMs: NOW, nowMs: NOW + DAY_MS }), NOW + DAY_MS + MAX_LIFETIME_MS);
  });
});

describe('delayBeforeAttempt', () => {
  it('doubles from 2 s to 10 min', () => {
    const delays = Array.from({ length: 12 }, (_, i) => delay({ failedAttempt: i + 1 }));
    const doubled = Array.from({ length: 12 }, (_, i) => Math.min(TEN_MINUTES_MS, 2_000 * 2 ** i));
    assert.deepEqual(delays, doubled);
    assert.equal(doubled.at(-1), TEN_MINUTES_MS);
  });

  it('stays at 10 min for 150 attempts, about a day, and then at an hour', () => {
    for (const failedAttempt of [20, 100, 150]) assert.equal(delay({ failedAttempt }), TEN_MINUTES_MS);
    for (const failedAttempt of [151, 1_000, 1_000_000]) {
      assert.equal(delay({ failedAttempt, deadlineMs: NOW + 30 * DAY_MS }), 6 * TEN_MINUTES_MS);
    }
  });

  it('is up to a fifth longer by jitter', () => {
    assert.equal(delay({ jitter: 1 }), 2_400);
    assert.equal(delay({ jitter: 0.5 }), 2_200);
  });

  it('waits for Retry-After if that is longer than the back-off', () => {
    assert.equal(delay({ retryAfterMs: 60_000 }), 60_000);
    assert.equal(delay({ retryAfterMs: 500 }), 2_000);
    assert.equal(delay({ retryAfterMs: 0 }), 2_000);
  });

  it('ends at the deadline when Retry-After would pass it', () => {
    assert.equal(delay({ retryAfterMs: 2 * DAY_MS }), DAY_MS);
  });

  it('makes a last attempt 15 s before the deadline when the back-off would pass it', () => {
    assert.equal(delay({ failedAttempt: 20, deadlineMs: NOW + 60_000 }), 45_000);
  });

  it('still retries, with the usual back-off, when less than 15 s are left', () => {
    assert.equal(delay({ deadlineMs: NOW + 10_000 }), 2_000);
  });

  it('is 0 once the deadline has passed', () => {
    assert.equal(delay({ deadlineMs: NOW }), 0);
    assert.equal(delay({ deadlineMs: NOW - 1 }), 0);
  });

  const waits = fc.record({
    failedAttempt: fc.integer({ min: 1, max: 2_000 }),
    nowMs: fc.integer({ min: 0, max: 4e12 }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    remainingMs: fc.integer({ min: -DAY_MS, max: 30 * DAY_MS }),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 1e12 }), { nil: undefined }),
  });

  it('is a whole number that never lies beyond the deadline', () => {
    fc.assert(
      fc.property(waits, ({ remainingMs, ...wait }) => {
        const delayMs = delayBeforeAttempt({ ...wait, deadlineMs: wait.nowMs + remainingMs });
        assert.ok(Number.isInteger(delayMs));
        assert.ok(delayMs >= 0 && delayMs <= Math.max(0, remainingMs));
      }),
    );
  });

  it('never skips the last attempt with more than 15 s left, unless Retry-After asks for it', () => {
    fc.assert(
      fc.property(waits, ({ remainingMs, ...wait }) => {
        fc.pre(remainingMs > 15_000);
        const deadlineMs = wait.nowMs + remainingMs;
        const delayMs = delayBeforeAttempt({ ...wait, deadlineMs, retryAfterMs: undefined });
        assert.ok(delayMs <= remainingMs - 15_000);
      }),
    );
  });

  it('is never shorter than Retry-After, except to end at the deadline', () => {
    fc.assert(
      fc.property(waits, fc.integer({ min: 0, max: 1e12 }), ({ remainingMs, ...wait }, retryAfterMs) => {
        const deadlineMs = wait.nowMs + remainingMs;
        const delayMs = delayBeforeAttempt({ ...wait, deadlineMs, retryAfterMs });
        assert.ok(delayMs >= Math.min(retryAfterMs, Math.max(0, remainingMs)));
      }),
    );
  });

  it('stays within a fifth above the back-off, far from the deadline', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failedAttempt, jitter) => {
          const least = delay({ failedAttempt });
          const delayMs = delay({ failedAttempt, jitter });
          assert.ok(delayMs >= least && delayMs <= Math.ceil(least * 1.2));
        },
      ),
    );
  });
});

describe('withJitter', () => {
  for (const [waitMs, longestMs] of [
    [1_000, 1_200],
    [10_000, 12_000],
    [300_000, 310_000],
    [86_400_000, 86_410_000],
  ] as const) {
    it(`waits at least ${waitMs} ms, and at random up to ${longestMs} ms`, () => {
      assert.deepEqual(
        [0, 1].map((jitter) => withJitter(waitMs, jitter)),
        [waitMs, longestMs],
      );
    });
  }
});
