import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FollowEnd, FollowStep } from '../../../src/domain/following/follow-state.js';
import { firstFollowStep, nextFollowStep } from '../../../src/domain/following/next-follow-step.js';
import type { PhoneReport } from '../../../src/domain/following/phone-report.js';

const MINUTE_MS = 60_000;
const ACCEPTED_AT_MS = Date.UTC(2030, 0, 1, 12);
/** 30 s, 2 min, 10 min, 1 h, 6 h, 24 h; in minutes. */
const DEFAULT_CHECKS = [0.5, 2, 10, 60, 360, 1_440];

const REPORTS: Readonly<Record<string, PhoneReport>> = {
  sent: { kind: 'sent' },
  failed: { kind: 'failed', code: 'NO_SERVICE' },
  pending: { kind: 'pending' },
  unclear: { kind: 'unclear' },
  unlisted: { kind: 'unlisted' },
  unreadable: { kind: 'unreadable', reason: 'the reply was HTTP 500' },
};
const SILENT = ['pending', 'unclear', 'unlisted', 'unreadable'];

/** One reading as it was taken: what it said, and when, in minutes from the acceptance. */
type Taken = readonly [report: string, minute: number];

/** Plays a send whose readings say these, each at the time it is due; the last one is repeated. */
function play(reports: readonly string[], { checks = DEFAULT_CHECKS, lateBy = 0, age = 0 } = {}) {
  const taken: Taken[] = [];
  const details: string[] = [];
  let step: FollowStep = firstFollowStep(
    ACCEPTED_AT_MS,
    checks.map((minutes) => minutes * MINUTE_MS),
  );
  let nowMs = ACCEPTED_AT_MS;
  for (let count = 0; step.command.kind === 'check'; count++) {
    assert.ok(count < 50, 'it never ends');
    details.push(step.details);
    nowMs = Math.max(nowMs, step.command.atMs) + lateBy * MINUTE_MS;
    const report = reports[Math.min(count, reports.length - 1)] ?? 'pending';
    taken.push([report, (nowMs - ACCEPTED_AT_MS) / MINUTE_MS]);
    step = nextFollowStep(step.state, {
      report: REPORTS[report] ?? { kind: 'pending' },
      readAtMs: nowMs - age * MINUTE_MS,
      nowMs,
    });
  }
  return { end: step.command.end, taken, details, last: step.details, state: step.state };
}

const reasonOf = (end: FollowEnd) => (end.kind === 'unknown' ? end.reason : end.kind);
const minutesOf = (taken: readonly Taken[]) => taken.map(([, minute]) => minute);

describe('a followed send', () => {
  it('is checked at its moments, and unknown after the last', () => {
    for (const report of SILENT) {
      const { end, taken } = play([report]);
      assert.equal(end.kind, 'unknown', report);
      assert.deepEqual(minutesOf(taken), DEFAULT_CHECKS, report);
    }
  });

  it('ends with the first reading that says sent, whatever was read before', () => {
    const before = fc.array(fc.constantFrom('failed', ...SILENT), { maxLength: 4 });
    fc.assert(
      fc.property(before, (reports) => {
        // No failure is confirmed before that.
        fc.pre(play([...reports, 'sent']).taken.length > reports.length);
        const { end, taken } = play([...reports, 'sent']);
        assert.equal(end.kind, 'sent');
        assert.equal(taken.length, reports.length + 1);
      }),
    );
  });

  it('passes on when the phone sent it', () => {
    const first = firstFollowStep(ACCEPTED_AT_MS, [1]);
    const { command } = nextFollowStep(first.state, {
      report: { kind: 'sent', sentAtMs: 42 },
      readAtMs: ACCEPTED_AT_MS,
      nowMs: ACCEPTED_AT_MS,
    });
    assert.deepEqual(command, { kind: 'end', end: { kind: 'sent', sentAtMs: 42 } });
  });
});

describe('a phone that fails', () => {
  const failed: FollowEnd = { kind: 'failed', code: 'NO_SERVICE' };

  it('has failed for good once a check ten minutes later says so again', () => {
    const { end, taken } = play(['failed']);
    assert.deepEqual(end, failed);
    assert.deepEqual(minutesOf(taken), [0.5, 2, 10, 10.5]);
  });

  it('is checked ten minutes after its first failure, between the moments', () => {
    const { end, taken } = play(['pending', 'pending', 'pending', 'failed']);
    assert.deepEqual(end, failed);
    assert.deepEqual(minutesOf(taken), [0.5, 2, 10, 60, 70]);
  });

  it('has not failed for good while the provider tries again', () => {
    const { end, taken } = play(['failed', 'failed', 'pending', 'failed', 'sent']);
    assert.equal(end.kind, 'sent');
    // The check that was to confirm the failure at 10.5 min is made, and begins the count anew.
    assert.deepEqual(minutesOf(taken), [0.5, 2, 10, 10.5, 20.5]);
  });

  for (const silence of ['unclear', 'unlisted', 'unreadable']) {
    it(`has failed for good although a reading in between is ${silence}`, () => {
      const { end } = play(['failed', silence, silence, 'failed']);
      assert.deepEqual(end, failed);
    });
  }

  it('has failed for good at the last check', () => {
    for (const checks of [[1], [1, 3, 5], [0.01]]) {
      assert.deepEqual(play(['failed'], { checks }).end, failed);
    }
    assert.deepEqual(play(['pending', 'pending', 'failed'], { checks: [1, 2, 3] }).end, failed);
  });

  it('is unknown at the last check if that says something else', () => {
    for (const silence of SILENT) {
      const { end } = play(['failed', silence], { checks: [1, 3] });
      assert.match(reasonOf(end), /has failed to send it before \(NO_SERVICE\)/);
    }
  });

  it('is confirmed by readings that are ten minutes apart, not by late ones of the same age', () => {
    // Each reading is two minutes old when it arrives: the one at 68 min was read 8 min after the
    // first.
    const { taken, end } = play(['pending', 'pending', 'pending', 'failed'], { age: 2 });
    assert.deepEqual(minutesOf(taken), [0.5, 2, 10, 60, 68, 69, 70]);
    assert.deepEqual(end, failed);
  });

  it('never ends a send within ten minutes of its first failure, but at the last check', () => {
    const report = fc.constantFrom('failed', ...SILENT);
    const checks = fc.uniqueArray(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(fc.array(report, { minLength: 1, maxLength: 12 }), checks, (reports, unsorted) => {
        const sorted = unsorted.toSorted((a, b) => a - b);
        const { end, taken } = play(reports, { checks: sorted });
        const [, lastMinute = 0] = taken.at(-1) ?? [];
        assert.ok(lastMinute <= (sorted.at(-1) ?? 0));
        assert.ok(sorted.every((minute) => minute > lastMinute || minutesOf(taken).includes(minute)));
        if (end.kind !== 'failed' || lastMinute === sorted.at(-1)) return;
        const streak = taken.slice(taken.findLastIndex(([said]) => said === 'pending') + 1);
        const [, firstMinute = 0] = streak.find(([said]) => said === 'failed') ?? [];
        assert.ok(lastMinute - firstMinute >= 10);
      }),
    );
  });
});

describe('a followed send whose worker was away', () => {
  it('makes one check for all that were due meanwhile', () => {
    assert.deepEqual(minutesOf(play(['pending'], { lateBy: 120 }).taken), [120.5, 480, 1_560]);
  });

  it('makes its last check by itself, which asks for the phone, too', () => {
    assert.deepEqual(minutesOf(play(['pending'], { lateBy: 2_000 }).taken), [2_000.5, 4_000.5]);
  });

  it('makes its last check although a reading failed until after it was due', () => {
    const { taken, end } = play(['unreadable', 'sent'], { lateBy: 2_000 });
    assert.deepEqual(minutesOf(taken), [2_000.5, 4_000.5]);
    assert.equal(end.kind, 'sent');
  });

  it('ends unknown if the list can never be read', () => {
    const { taken, end } = play(['unreadable'], { lateBy: 2_000 });
    assert.deepEqual(minutesOf(taken), [2_000.5, 4_000.5]);
    assert.match(reasonOf(end), /could not be read: the reply was HTTP 500\./);
  });
});

describe('what people read of a followed send', () => {
  it('names what is known and the time of the next check', () => {
    const { details, last } = play(['pending', 'failed', 'unlisted', 'unclear', 'unreadable', 'sent']);
    assert.deepEqual(details.slice(0, 3), [
      'SMSMobileAPI accepted the message. The phone has not been asked yet. Next check: 2030-01-01T12:00:30Z.',
      'SMSMobileAPI accepted the message. The phone has not sent it yet. Next check: 2030-01-01T12:02:00Z.',
      'SMSMobileAPI accepted the message. The phone failed to send it (NO_SERVICE); the provider may try again. Next check: 2030-01-01T12:10:00Z.',
    ]);
    assert.equal(last, 'The phone has sent the message.');
  });

  for (const [phone, words] of [
    [undefined, ''],
    [{}, ' The provider does not report when the phone was last seen.'],
    [{ online: false }, ' The provider reports the phone as offline.'],
    [{ lastSeenAtMs: ACCEPTED_AT_MS }, ' The phone was last seen at 2030-01-01T12:00:00Z.'],
    [
      { online: true, lastSeenAtMs: ACCEPTED_AT_MS },
      ' The phone was last seen at 2030-01-01T12:00:00Z; the provider reports it as online.',
    ],
  ] as const) {
    it(`gives as reason the phone’s last sign of life: ${JSON.stringify(phone)}`, () => {
      const { state } = firstFollowStep(ACCEPTED_AT_MS, [1]);
      const nowMs = ACCEPTED_AT_MS + 1;
      const { command } = nextFollowStep(state, {
        report: { kind: 'pending' },
        readAtMs: nowMs,
        nowMs,
        phone,
      });
      assert.deepEqual(command, {
        kind: 'end',
        end: {
          kind: 'unknown',
          reason: `It is unknown whether the phone has sent the message. The phone has not sent it yet.${words}`,
        },
      });
    });
  }
});
