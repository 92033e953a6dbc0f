import assert from 'node:assert/strict';
import { isBroken, countSurplus, verify, type Verdict } from '../../tools/chaos/verify/verify.js';
import type { RunEnd, RunReport } from '../../tools/chaos/verify/run-report.js';
import { makePlan } from '../../tools/chaos/plan/plan.js';
import type { PlannedSend } from '../../tools/chaos/plan/planned-send.js';

const [example] = makePlan({ sends: 1, seed: 1, lateRows: false }).sends;

/** A job that goes to this number with this text. */
function planned(key: string, { recipient = '+33639981000', message = 'A' } = {}): PlannedSend {
  return { ...example!, key, recipient, message };
}

const sent = (messageId: string | undefined, saidDuplicate = false): RunEnd => ({
  kind: 'sent',
  messageId,
  saidDuplicate,
});
const NOT_SENT: RunEnd = { kind: 'failed', code: 'MESSAGE_EXPIRED', maybeSent: false };
const UNKNOWN: RunEnd = { kind: 'failed', code: 'SEND_OUTCOME_UNKNOWN', maybeSent: true };

/** Accepted, and failed at the phone; the other request of it may have been sent, too. */
const failedAtPhone = (messageId: string, maybeSent = false): RunEnd => ({
  kind: 'failed',
  code: maybeSent ? 'SEND_OUTCOME_UNKNOWN' : 'MESSAGE_SEND_FAILED',
  maybeSent,
  messageId,
});

function report(key: string, end: RunEnd, more: Partial<RunReport> = {}): RunReport {
  return {
    key,
    end,
    closedAtMs: 2_000,
    unknownOutcomes: 0,
    resends: 0,
    reconciledByList: false,
    holds: [],
    stuckOn: undefined,
    ...more,
  };
}

const message = (id: string, { recipient = '+33639981000', text = 'A' } = {}) => ({ id, recipient, text });

interface Case {
  readonly ends: readonly RunEnd[];
  readonly ids: readonly string[];
  readonly lateRows?: boolean;
  readonly resends?: number;
}

/** Jobs with one number and text, and the ids of the messages on its phone. */
function judgeOne({ ends, ids, lateRows = false, resends = 0 }: Case): Verdict {
  const keys = ends.map((_, index) => `send-${index}`);
  return verify({
    sends: keys.map((key) => planned(key)),
    reports: ends.map((end, index) => report(keys[index]!, end, { resends })),
    askedAtMs: new Map(keys.map((key) => [key, 1_000])),
    messages: ids.map((id) => message(id)),
    lateRows,
  });
}

const COUNTERS = ['lost', 'duplicated', 'duplicatedByLateRows', 'misreported', 'wrongId'] as const;

/** The counters of errors that are not 0. */
function errorsOf(verdict: Verdict): Partial<Record<(typeof COUNTERS)[number], number>> {
  return Object.fromEntries(COUNTERS.flatMap((name) => (verdict[name] === 0 ? [] : [[name, verdict[name]]])));
}

describe('the judge of a chaos run', () => {
  const cases: readonly (readonly [string, Case, ReturnType<typeof errorsOf>])[] = [
    ['a message for a job that names it', { ends: [sent('m1')], ids: ['m1'] }, {}],
    ['siblings with a message each', { ends: [sent('m1'), sent('m2')], ids: ['m2', 'm1'] }, {}],
    ['a job that says sent and has no message', { ends: [sent('m1')], ids: [] }, { lost: 1 }],
    ['siblings that name one message', { ends: [sent('m1'), sent('m1')], ids: ['m1'] }, { lost: 1 }],
    ['a job whose phone failed to send its message', { ends: [failedAtPhone('m1')], ids: ['m1'] }, {}],
    ['such a job whose message nobody took', { ends: [failedAtPhone('m1')], ids: [] }, { lost: 1 }],
    ['such a job that names another id', { ends: [failedAtPhone('m1')], ids: ['m2'] }, { wrongId: 1 }],
    [
      'such a job, and one that says that nothing was sent',
      { ends: [failedAtPhone('m1'), NOT_SENT], ids: ['m1'] },
      {},
    ],
    [
      'a further message of a job whose phone failed to send one',
      { ends: [failedAtPhone('m1', true)], ids: ['m1', 'm2'] },
      { duplicated: 1 },
    ],
    ['a job that names another id', { ends: [sent('m1')], ids: ['m2'] }, { wrongId: 1 }],
    ['a job that names none, with its message', { ends: [sent(undefined)], ids: ['m1'] }, {}],
    ['a job that names none, without a message', { ends: [sent(undefined)], ids: [] }, { lost: 1 }],
    ['a message too many', { ends: [sent('m1')], ids: ['m1', 'm2'] }, { duplicated: 1 }],
    ['two messages too many', { ends: [sent('m1')], ids: ['m1', 'm2', 'm3'] }, { duplicated: 2 }],
    ['a job that never ended', { ends: [{ kind: 'open' }], ids: ['m1'] }, { lost: 1 }],
    ['a job that vanished', { ends: [{ kind: 'vanished' }], ids: ['m1'] }, { lost: 1 }],
    ['a job that says not sent, rightly', { ends: [NOT_SENT], ids: [] }, {}],
    ['a job that says not sent, wrongly', { ends: [NOT_SENT], ids: ['m1'] }, { misreported: 1 }],
    [
      'a job that says not sent and was sent twice',
      { ends: [NOT_SENT], ids: ['m1', 'm2'] },
      { misreported: 1, duplicated: 1 },
    ],
    [
      'a cancelled job with a message',
      { ends: [{ kind: 'cancelled', maybeSent: false }], ids: ['m1'] },
      { misreported: 1 },
    ],
    [
      'a cancelled job that left it open',
      { ends: [{ kind: 'cancelled', maybeSent: true }], ids: ['m1'] },
      {},
    ],
    ['an unknown outcome with a message', { ends: [UNKNOWN], ids: ['m1'] }, {}],
    ['an unknown outcome without a message', { ends: [UNKNOWN], ids: [] }, {}],
    ['an unknown outcome with two messages', { ends: [UNKNOWN], ids: ['m1', 'm2'] }, { duplicated: 1 }],
    ['siblings, one of unknown outcome', { ends: [sent('m1'), UNKNOWN], ids: ['m1', 'm2'] }, {}],
    [
      'siblings, one of which says not sent',
      { ends: [sent('m1'), NOT_SENT], ids: ['m1', 'm2'] },
      { misreported: 1 },
    ],
    [
      'a second message that the job owns up to, with late rows',
      { ends: [sent('m1', true)], ids: ['m1', 'm2'], lateRows: true, resends: 1 },
      { duplicatedByLateRows: 1 },
    ],
    [
      'a second message that the job owns up to, without late rows',
      { ends: [sent('m1', true)], ids: ['m1', 'm2'], resends: 1 },
      { duplicated: 1 },
    ],
    [
      'a second message that the job does not own up to, with late rows',
      { ends: [sent('m1')], ids: ['m1', 'm2'], lateRows: true, resends: 1 },
      { duplicated: 1 },
    ],
    [
      'more messages than the job can have resent',
      { ends: [sent('m1', true)], ids: ['m1', 'm2', 'm3'], lateRows: true, resends: 1 },
      { duplicatedByLateRows: 1, duplicated: 1 },
    ],
  ];
  for (const [name, given, expected] of cases) {
    it(`finds ${Object.keys(expected).join(' and ') || 'nothing wrong'} in ${name}`, () => {
      const verdict = judgeOne(given);
      assert.deepEqual(errorsOf(verdict), expected);
      const mustNotBe = Object.keys(expected).filter((name) => name !== 'duplicatedByLateRows');
      assert.equal(isBroken(verdict), mustNotBe.length > 0);
    });
  }

  it('keeps jobs with another number or another text apart', () => {
    const sends = [planned('a'), planned('b', { message: 'B' }), planned('c', { recipient: '+33639981001' })];
    const reports = [report('a', sent('m1')), report('b', sent('m2')), report('c', sent('m3'))];
    const verdict = verify({
      sends,
      reports,
      askedAtMs: new Map(),
      lateRows: false,
      messages: [message('m1'), message('m2'), message('m3', { recipient: '+33639981001' })],
    });
    // The second message is on the right phone with the wrong text: one job without, and one
    // message too many.
    assert.deepEqual(errorsOf(verdict), { lost: 1, duplicated: 1 });
    assert.deepEqual(
      verdict.findings.map(({ kind, keys }) => [kind, ...keys]),
      [
        ['duplicated', 'a'],
        ['lost', 'b'],
      ],
    );
  });

  it('counts messages without a job', () => {
    const verdict = verify({
      sends: [planned('a')],
      reports: [report('a', sent('m1'))],
      askedAtMs: new Map(),
      lateRows: false,
      messages: [message('m1'), message('m2', { recipient: '+33639981009' })],
    });
    assert.deepEqual(errorsOf(verdict), { duplicated: 1 });
  });

  it('adds up ends, holds and the faults of the jobs', () => {
    const keys = ['a', 'b', 'c', 'd'];
    const verdict = verify({
      sends: keys.map((key) => planned(key, { message: key })),
      reports: [
        report('a', sent('m1'), { closedAtMs: 1_500, unknownOutcomes: 2, resends: 1, holds: ['x', 'x'] }),
        report('b', sent('m2'), {
          closedAtMs: 4_000,
          reconciledByList: true,
          unknownOutcomes: 1,
          holds: ['y'],
        }),
        report('c', NOT_SENT, { closedAtMs: 9_000 }),
        report('d', { kind: 'cancelled', maybeSent: false }, { closedAtMs: undefined }),
      ],
      askedAtMs: new Map(keys.map((key) => [key, 1_000])),
      messages: [message('m1', { text: 'a' }), message('m2', { text: 'b' })],
      lateRows: false,
    });
    const { sends, sent: sentCount, failed, cancelled, unknownOutcomes, resent, reconciledByList } = verdict;
    assert.deepEqual({ sends, sentCount, cancelled }, { sends: 4, sentCount: 2, cancelled: 1 });
    assert.deepEqual(
      { unknownOutcomes, resent, reconciledByList },
      { unknownOutcomes: 3, resent: 1, reconciledByList: 1 },
    );
    assert.deepEqual(failed, { MESSAGE_EXPIRED: 1 });
    assert.deepEqual(verdict.held, { x: 2, y: 1 });
    assert.deepEqual(verdict.msToClose, { median: 3_000, longest: 8_000 });
    assert.ok(!isBroken(verdict));
  });

  it('reports the minimum number of duplicates while jobs still run', () => {
    const sends = [planned('a'), planned('b'), planned('c', { message: 'B' })];
    const messages = ['m1', 'm2', 'm3'].map((id) => message(id));
    assert.equal(countSurplus(sends, messages.slice(0, 2)), 0);
    assert.equal(countSurplus(sends, messages), 1);
  });
});
