import assert from 'node:assert/strict';
import { makePlan } from '../../tools/chaos/plan/plan.js';
import type { PlannedMarketing, PlannedSend } from '../../tools/chaos/plan/planned-send.js';
import {
  toPolicyRequests,
  type KnownOptOut,
  type PolicyEvidence,
  type PolicyRequest,
} from '../../tools/chaos/verify/policies/policy-evidence.js';
import { describeUse } from '../../tools/chaos/verify/policies/limits.js';
import { verifyPolicies } from '../../tools/chaos/verify/policies/verify-policies.js';
import type { RunEnd, RunReport } from '../../tools/chaos/verify/run-report.js';
import { isBroken, verify } from '../../tools/chaos/verify/verify.js';

const [example] = makePlan({ sends: 1, seed: 1, lateRows: false }).sends;

const PHONE = '+33639981000';
const NOON = Date.parse('2026-03-10T12:00:00Z');
const CONFIRMATION = 'Bien note.';

const ALWAYS = {
  account: 0,
  fromMs: -Infinity,
  untilMs: Infinity,
  window: { opensAt: 0, closesAt: 24 * 60 },
};

const marketing = (changes: Partial<PlannedMarketing> = {}): PlannedMarketing => ({
  segments: 1,
  timeZone: undefined,
  mayExpire: false,
  ...changes,
});

/** A job of account 0; without `marketing`, a transactional one. */
const planned = (key: string, changes: Partial<PlannedSend> = {}): PlannedSend => ({
  ...example!,
  key,
  account: 0,
  recipient: PHONE,
  message: key,
  ...changes,
});

const campaign = (count: number, changes: Partial<PlannedMarketing> = {}) =>
  Array.from({ length: count }, (_, index) => planned(`m${index}`, { marketing: marketing(changes) }));

/** The request for a job, so long after noon. */
const requestOf = (send: PlannedSend, afterMs: number): PolicyRequest => ({
  account: send.account,
  recipient: send.recipient,
  text: send.message,
  atMs: NOON + afterMs,
});

const optOut = (changes: Partial<KnownOptOut> = {}): KnownOptOut => ({
  account: 0,
  recipient: PHONE,
  atMs: NOON,
  confirmationKey: undefined,
  ...changes,
});

const ended = (key: string, end: RunEnd): RunReport => ({
  key,
  end,
  closedAtMs: NOON,
  unknownOutcomes: 0,
  resends: 0,
  reconciledByList: false,
  holds: [],
  stuckOn: undefined,
});
const failed = (key: string, code: string) => ended(key, { kind: 'failed', code, maybeSent: false });

/** The counters that are not 0. */
function judge(evidence: Partial<PolicyEvidence>): Record<string, number> {
  const limit = { perMinute: 100, segmentsPerMinute: 100, perHour: 100, earlierMs: [] };
  const { counters } = verifyPolicies({
    sends: [],
    reports: [],
    requests: [],
    messages: [],
    limits: [limit, limit],
    windows: [ALWAYS],
    wanted: [],
    optOuts: [],
    confirmation: CONFIRMATION,
    ...evidence,
  });
  return Object.fromEntries(Object.entries(counters).filter(([, count]) => count > 0));
}

describe('the judge of opt-outs', () => {
  const known = { optOuts: [optOut()], wanted: [optOut()] };
  const [lead] = campaign(1) as [PlannedSend];
  const notice = planned('t0');

  it('finds a marketing request that comes later than 10 s after the opt-out', () => {
    const sends = [lead];
    assert.deepEqual(judge({ ...known, sends, requests: [requestOf(lead, 10_000)] }), {});
    assert.deepEqual(judge({ ...known, sends, requests: [requestOf(lead, 10_001)] }), {
      'after an opt-out': 1,
    });
  });

  it('finds a transactional request that comes later than 40 s after the opt-out', () => {
    const sends = [notice];
    assert.deepEqual(judge({ ...known, sends, requests: [requestOf(notice, 40_000)] }), {});
    assert.deepEqual(judge({ ...known, sends, requests: [requestOf(notice, 40_001)] }), {
      'after an opt-out': 1,
    });
  });

  it('finds requests of no job, too', () => {
    const requests = [{ ...requestOf(notice, 60_000), text: 'of nobody' }];
    assert.deepEqual(judge({ ...known, requests }), { 'after an opt-out': 1 });
  });

  it('allows requests to others, and of other accounts', () => {
    const sends = [lead];
    const others = [
      { ...requestOf(notice, 60_000), recipient: '+33639981001' },
      { ...requestOf(notice, 60_000), account: 1 },
    ];
    assert.deepEqual(judge({ ...known, sends, requests: others }), {});
  });

  it('allows the confirmation where there is one, and only there', () => {
    const requests = [{ ...requestOf(notice, 60_000), text: CONFIRMATION }];
    const messages = [{ recipient: PHONE, text: CONFIRMATION, accountLabel: 'account 1' }];
    const confirmed = { ...known, optOuts: [optOut({ confirmationKey: 'opt-out-1' })] };
    assert.deepEqual(judge({ ...confirmed, requests, messages }), {});
    assert.deepEqual(judge({ ...known, requests, messages }), {
      'after an opt-out': 1,
      'wrong confirmations': 1,
    });
  });

  it('finds a confirmation that is missing, comes twice, or goes to somebody else', () => {
    const confirmed = { ...known, optOuts: [optOut({ confirmationKey: 'opt-out-1' })] };
    const message = { recipient: PHONE, text: CONFIRMATION, accountLabel: 'account 1' };
    const wrong = { 'wrong confirmations': 1 };
    assert.deepEqual(judge(confirmed), wrong);
    assert.deepEqual(judge({ ...confirmed, messages: [message, message] }), wrong);
    assert.deepEqual(
      judge({ ...confirmed, messages: [message, { ...message, accountLabel: 'account 2' }] }),
      wrong,
    );
  });

  it('finds an opt-out that nobody has stored', () => {
    assert.deepEqual(judge({ wanted: [optOut()] }), { 'opt-outs missed': 1 });
    assert.deepEqual(judge({ wanted: [optOut()], optOuts: [optOut({ account: 1 })] }), {
      'opt-outs missed': 1,
      'opt-outs of nobody': 1,
    });
  });

  it('finds an opt-out of nobody, and a send that ends for one', () => {
    assert.deepEqual(judge({ optOuts: [optOut()] }), { 'opt-outs of nobody': 1 });
    const reports = [failed(lead.key, 'RECIPIENT_OPTED_OUT')];
    assert.deepEqual(judge({ sends: [lead], reports }), { 'opt-outs of nobody': 1 });
    assert.deepEqual(judge({ ...known, sends: [lead], reports }), {});
  });
});

describe('the judge of hours', () => {
  const morning = { ...ALWAYS, window: { opensAt: 8 * 60, closesAt: 12 * 60 + 15 } };
  const [inLondon] = campaign(1, { timeZone: 'Europe/London' }) as [PlannedSend];
  const [atHome] = campaign(1) as [PlannedSend];
  const at = (send: PlannedSend, afterMs: number, windows: PolicyEvidence['windows'] = [morning]) =>
    judge({ sends: [send], requests: [requestOf(send, afterMs)], windows });
  const broken = { 'outside the hours': 1 };

  it('finds a request in the last 15 min of the window, but for the validity of a grant', () => {
    assert.deepEqual(at(inLondon, -1), {});
    assert.deepEqual(at(inLondon, 4_000), {});
    assert.deepEqual(at(inLondon, 5_001), broken);
  });

  it('finds a request before the window opens', () => {
    assert.deepEqual(at(inLondon, -4 * 3_600_000), {});
    assert.deepEqual(at(inLondon, -4 * 3_600_000 - 1), broken);
  });

  it('knows the clock of the recipient', () => {
    // It is 13:00 in Paris.
    assert.deepEqual(at(atHome, -1_000), broken);
    assert.deepEqual(at(atHome, -3_600_000 - 1_000), {});
  });

  it('allows a transactional request at any time', () => {
    assert.deepEqual(at(planned('t0'), 3_600_000), {});
  });

  it('finds a request that comes later than 15 s after its window was moved', () => {
    const evening = { ...ALWAYS, fromMs: NOON - 60_000, window: { opensAt: 18 * 60, closesAt: 20 * 60 } };
    const windows = [{ ...morning, untilMs: NOON - 60_000 }, evening];
    assert.deepEqual(at(inLondon, -45_000, windows), {});
    assert.deepEqual(at(inLondon, -44_999, windows), broken);
  });

  it('applies a window to its own account', () => {
    assert.deepEqual(at(inLondon, 60_000, [morning, { ...ALWAYS, account: 1 }]), broken);
  });
});

describe('the judge of limits', () => {
  const limits = { perMinute: 2, segmentsPerMinute: 3, perHour: 3, earlierMs: [] as number[] };
  const judgeAt = (
    sends: readonly PlannedSend[],
    afterMs: readonly number[],
    changes: Partial<typeof limits> = {},
  ) =>
    judge({
      sends,
      requests: sends.map((send, index) => requestOf(send, afterMs[index]!)),
      limits: [{ ...limits, ...changes }],
    });
  const broken = { 'above a limit': 1 };

  it('finds a request too many in any minute', () => {
    assert.deepEqual(judgeAt(campaign(3), [0, 100, 60_000]), {});
    assert.deepEqual(judgeAt(campaign(3), [0, 100, 59_999]), broken);
    // Whatever the order in which they are listed.
    assert.deepEqual(judgeAt(campaign(3), [59_999, 0, 100]), broken);
  });

  it('finds a segment too many in any minute', () => {
    const sends = [
      ...campaign(1, { segments: 2 }),
      planned('long', { marketing: marketing({ segments: 2 }) }),
    ];
    assert.deepEqual(judgeAt(sends, [0, 60_000]), {});
    assert.deepEqual(judgeAt(sends, [0, 59_999]), broken);
  });

  it('finds a request too many in any hour, and counts the requests of before the run', () => {
    const hour = 3_600_000;
    assert.deepEqual(judgeAt(campaign(4), [0, 60_000, 120_000, hour]), {});
    assert.deepEqual(judgeAt(campaign(4), [0, 60_000, 120_000, hour - 1]), broken);
    const earlierMs = [NOON - hour + 30_000, NOON - hour + 30_000];
    assert.deepEqual(judgeAt(campaign(2), [0, 30_000], { earlierMs }), {});
    assert.deepEqual(judgeAt(campaign(2), [0, 29_999], { earlierMs }), broken);
  });

  it('counts each request for a message, as often as it was made', () => {
    const [send] = campaign(1) as [PlannedSend];
    const requests = [0, 1, 2].map((afterMs) => requestOf(send, afterMs));
    assert.deepEqual(judge({ sends: [send], requests, limits: [limits] }), broken);
  });

  it('counts neither transactional requests nor another account’s', () => {
    const sends = [...campaign(2), planned('t0'), planned('b', { account: 1, marketing: marketing() })];
    assert.deepEqual(
      judge({
        sends,
        requests: sends.map((send) => requestOf(send, 0)),
        limits: [limits, limits],
        windows: [ALWAYS, { ...ALWAYS, account: 1 }],
      }),
      {},
    );
  });
});

describe('how far the limits of a run were used', () => {
  it('is shown for the account that comes closest to each', () => {
    const limit = { perMinute: 4, segmentsPerMinute: 8, perHour: 10, earlierMs: [NOON - 1] };
    const sends = [
      ...campaign(2, { segments: 2 }),
      planned('b', { account: 1, marketing: marketing() }),
      planned('t0'),
    ];
    const requests = sends.map((send, index) => requestOf(send, index * 50_000));
    assert.equal(
      describeUse({ sends, requests, limits: [limit, { ...limit, perMinute: 100, earlierMs: [] }] }),
      '3 of 4 requests in a minute, 5 of 8 segments in a minute, 3 of 10 requests in an hour',
    );
  });
});

describe('the judge of waiting sends', () => {
  it('finds one that expired although it had time and hours', () => {
    const [send] = campaign(1) as [PlannedSend];
    const reports = [failed(send.key, 'MESSAGE_EXPIRED')];
    assert.deepEqual(judge({ sends: [send], reports }), { starved: 1 });
    assert.deepEqual(judge({ sends: [planned(send.key)], reports }), { starved: 1 });
    assert.deepEqual(judge({ sends: campaign(1, { mayExpire: true }), reports }), {});
  });
});

describe('what the provider says of a request', () => {
  const fields = { apikey: 'account 2', recipients: PHONE, message: 'm0' };

  it('is read with its time and account', () => {
    const at = new Date(NOON).toISOString();
    assert.deepEqual(toPolicyRequests([{ at, fields }]), [
      { account: 1, recipient: PHONE, text: 'm0', atMs: NOON },
    ]);
  });

  it('is left out where it says nothing', () => {
    assert.deepEqual(toPolicyRequests([{ at: new Date(NOON).toISOString(), fields: {} }]), []);
  });
});

describe('a verdict with a mode', () => {
  it('is broken by each of its counters', () => {
    const verdict = verify({ sends: [], reports: [], askedAtMs: new Map(), messages: [], lateRows: false });
    const withCount = (count: number) => ({
      ...verdict,
      mode: { counters: { 'above a limit': count }, figures: {}, findings: [] },
    });
    assert.deepEqual(
      [isBroken(verdict), isBroken(withCount(0)), isBroken(withCount(1))],
      [false, false, true],
    );
  });
});
