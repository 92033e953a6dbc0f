import assert from 'node:assert/strict';
import type { MomentRequest } from '../../src/domain/moment.js';
import { SmsError, type SmsErrorCode } from '../../src/domain/errors.js';
import type { OutreachRow } from '../../src/policies/outreach-history.js';
import { decideMoment, type MomentSnapshot } from '../../src/policies/decide-moment.js';

const MONDAY_NOON = Date.parse('2026-09-14T12:00:00+02:00');
const MINUTE_MS = 60_000;

const REQUEST: MomentRequest = {
  ticket: 'sms-a-1/run/1',
  workflowId: 'sms-a-1',
  accountId: '6f1c1f0e-2b1b-4a58-9d0a-0a6a6a1f0c11',
  recipientPhone: '+33639980001',
  lane: '',
  segments: 1,
  deadlineMs: MONDAY_NOON + 14 * 24 * 60 * MINUTE_MS,
};

function snapshot(changes: Partial<MomentSnapshot> = {}): MomentSnapshot {
  const { nowMs = MONDAY_NOON } = changes;
  return {
    nowMs,
    hasKey: true,
    isOptedOut: false,
    isUndecided: false,
    policy: undefined,
    granted: undefined,
    phone: undefined,
    inboxReadMs: nowMs - 10_000,
    history: { rows: [], firstContacts: [] },
    ...changes,
  };
}

const decide = (changes: Partial<MomentSnapshot> = {}, request: Partial<MomentRequest> = {}) =>
  decideMoment({ ...REQUEST, ...request }, snapshot(changes), () => 0);

/** When a message that asks at a time is sent, ISO 8601 in UTC. */
function momentFrom(at: string): string {
  const nowMs = Date.parse(at);
  const { answer } = decide({ nowMs }, { deadlineMs: nowMs + 7 * 24 * 60 * MINUTE_MS });
  assert.equal(answer.kind, 'granted');
  return new Date(nowMs + answer.waitMs).toISOString();
}

describe('the moment of a marketing request', () => {
  it('is at once within the hours and limits', () => {
    const { answer, changes, readInbox, waitsFor } = decide();
    assert.deepEqual(answer, { kind: 'granted', waitMs: 0 });
    assert.equal(waitsFor, undefined);
    assert.deepEqual(changes, [{ kind: 'grant', momentMs: MONDAY_NOON }]);
    assert.equal(readInbox, false);
  });

  for (const [what, changes, code] of [
    ['an opted-out recipient', { isOptedOut: true }, 'RECIPIENT_OPTED_OUT'],
    ['an account without a key', { hasKey: false }, 'API_KEY_REQUIRED'],
  ] as const satisfies readonly (readonly [string, Partial<MomentSnapshot>, SmsErrorCode])[]) {
    it(`is refused to ${what}`, () => {
      assert.throws(
        () => decide(changes),
        (error) => error instanceof SmsError && error.code === code,
      );
    });
  }

  for (const [asked, sent] of [
    ['2026-03-21T21:00:00+01:00', '2026-03-23T07:30:00.000Z'],
    // The clock changes on the Sunday between.
    ['2026-03-28T21:00:00+01:00', '2026-03-30T06:30:00.000Z'],
    ['2026-10-24T21:00:00+02:00', '2026-10-26T07:30:00.000Z'],
    // Easter Monday, Whit Monday: a Tuesday.
    ['2026-04-04T21:00:00+02:00', '2026-04-07T06:30:00.000Z'],
    ['2026-05-23T21:00:00+02:00', '2026-05-26T06:30:00.000Z'],
  ] as const) {
    it(`asked for at ${asked} is ${sent}`, () => {
      assert.equal(momentFrom(asked), sent);
    });
  }

  it('is refused at once where none lies before the deadline, and the next opening is named', () => {
    const nowMs = Date.parse('2026-09-12T21:00:00+02:00');
    assert.throws(
      () => decide({ nowMs }, { deadlineMs: nowMs + 24 * 60 * MINUTE_MS }),
      (error) =>
        error instanceof SmsError &&
        error.code === 'MESSAGE_EXPIRED' &&
        error.message.includes('The next opening is 2026-09-14T06:30:00Z'),
    );
  });

  it('is the same for the same question, while it is good', () => {
    const granted = { momentMs: MONDAY_NOON + 3_000, isReleased: false };
    const { answer, changes } = decide({ granted });
    assert.deepEqual(answer, { kind: 'granted', waitMs: 3_000 });
    assert.deepEqual(changes, []);
  });

  it('is another if the hours have changed, and the first is outside them', () => {
    const granted = { momentMs: Date.parse('2026-09-14T18:30:00+02:00'), isReleased: false };
    for (const [policy, next] of [
      [{ closesAt: '12:30' }, MONDAY_NOON],
      [{ closesAt: '12:10' }, Date.parse('2026-09-15T08:30:00+02:00')],
      [{ days: [3] }, Date.parse('2026-09-16T08:30:00+02:00')],
    ] as const) {
      assert.deepEqual(decide({ granted, policy }).changes, [{ kind: 'grant', momentMs: next }]);
    }
  });

  it('is refused if the hours have changed, and none is left before the deadline', () => {
    const granted = { momentMs: MONDAY_NOON + MINUTE_MS, isReleased: false };
    const deadlineMs = MONDAY_NOON + 60 * MINUTE_MS;
    assert.throws(
      () => decide({ granted, policy: { days: [3] } }, { deadlineMs }),
      (error) => error instanceof SmsError && error.code === 'MESSAGE_EXPIRED',
    );
  });

  it('is an earlier one if that has become free, and the first is kept else', () => {
    const granted = { momentMs: MONDAY_NOON + 120 * MINUTE_MS, isReleased: false };
    assert.deepEqual(decide({ granted }).changes, [{ kind: 'grant', momentMs: MONDAY_NOON }]);
    const rows: readonly OutreachRow[] = [
      { at: MONDAY_NOON - 1, phone: '+33639980002', segments: 1, lane: '', state: 'granted' },
    ];
    const { answer, changes } = decide({
      granted,
      policy: { perDay: 1 },
      history: { rows, firstContacts: [] },
    });
    assert.deepEqual(changes, []);
    assert.deepEqual(answer, {
      kind: 'granted',
      waitMs: 120 * MINUTE_MS,
      reason: 'the limit of messages per day is reached',
    });
  });

  it('is another once the first has passed, which is given back', () => {
    const granted = { momentMs: MONDAY_NOON - MINUTE_MS, isReleased: false };
    const { changes } = decide({ granted }, { supersedes: 'sms-a-1/run/0' });
    assert.deepEqual(changes, [
      { kind: 'release', ticket: 'sms-a-1/run/0' },
      { kind: 'grant', momentMs: MONDAY_NOON },
    ]);
  });

  it('is not granted while the inbox was not read for five minutes, and has it read', () => {
    for (const inboxReadMs of [undefined, MONDAY_NOON - 5 * MINUTE_MS - 1]) {
      const { answer, changes, readInbox } = decide({ inboxReadMs });
      assert.equal(answer.kind, 'ask-again');
      assert.equal(readInbox, true);
      assert.deepEqual(changes, []);
    }
    assert.equal(decide({ inboxReadMs: MONDAY_NOON - 5 * MINUTE_MS }).answer.kind, 'granted');
  });

  it('is granted ahead whatever the inbox: it is read before the request', () => {
    const nowMs = Date.parse('2026-09-12T21:00:00+02:00');
    assert.equal(decide({ nowMs, inboxReadMs: undefined }).answer.kind, 'granted');
  });

  it('waits for a policy that is not valid to be mended', () => {
    const { answer } = decide({ policy: { timeZone: 'Europe/Pari' } });
    assert.equal(answer.kind, 'ask-again');
    assert.match(answer.reason, /policy of the account is not valid/);
  });

  it('waits for a person’s decision about a reply', () => {
    const { answer } = decide({ isUndecided: true });
    assert.equal(answer.kind, 'ask-again');
    assert.match(answer.reason, /may be an opt-out/);
  });

  it('closes a phone that is offline, and the others wait', () => {
    const { answer, changes } = decide({}, { phoneTrouble: { kind: 'offline' } });
    assert.equal(answer.kind, 'ask-again');
    const [change] = changes;
    assert.ok(change?.kind === 'phone');
    assert.equal(change.closedUntilMs, MONDAY_NOON + MINUTE_MS);
    const later = decide({ nowMs: MONDAY_NOON + 1_000, phone: change });
    assert.deepEqual([later.answer.kind, later.answer.waitMs], ['ask-again', 59_000]);
  });

  it('closes a phone after three failures that say nothing about it, and reopens it by a probe', () => {
    let phone: MomentSnapshot['phone'];
    for (let failure = 1; failure <= 3; failure++) {
      const { answer, changes } = decide({ phone }, { phoneTrouble: { kind: 'failed' } });
      assert.equal(answer.kind, failure < 3 ? 'granted' : 'ask-again');
      const change = changes.find(({ kind }) => kind === 'phone');
      assert.ok(change?.kind === 'phone');
      phone = change;
    }
    const nowMs = MONDAY_NOON + MINUTE_MS;
    const probe = decide({ nowMs, phone });
    assert.ok(probe.answer.kind === 'granted' && probe.answer.isProbe === true);
    const probing = probe.changes.find(({ kind }) => kind === 'phone');
    assert.ok(probing?.kind === 'phone');
    assert.equal(decide({ nowMs, phone: probing }, { ticket: 'another' }).answer.kind, 'ask-again');
    // A probe that died is replaced.
    const replaced = decide({ nowMs: nowMs + 2 * MINUTE_MS, phone: probing }, { ticket: 'another' });
    assert.ok(replaced.answer.kind === 'granted' && replaced.answer.isProbe === true);
  });

  it('leaves the probe to the request that has missed its moment, and to no other', () => {
    const nowMs = MONDAY_NOON + MINUTE_MS;
    const phone: MomentSnapshot['phone'] = {
      closedUntilMs: MONDAY_NOON,
      reason: 'the sending phone is offline',
      failures: 1,
      failedAtMs: MONDAY_NOON - MINUTE_MS,
      probeTicket: 'probe/1',
      probeUntilMs: nowMs + MINUTE_MS,
    };
    const { answer, changes } = decide({ nowMs, phone }, { ticket: 'probe/2', supersedes: 'probe/1' });
    assert.deepEqual(answer, { kind: 'granted', waitMs: 0, isProbe: true });
    const change = changes.find(({ kind }) => kind === 'phone');
    assert.deepEqual(change, {
      ...phone,
      kind: 'phone',
      probeTicket: 'probe/2',
      probeUntilMs: nowMs + 2 * MINUTE_MS,
    });
    const other = decide({ nowMs, phone }, { ticket: 'other/2', supersedes: 'other/1' });
    assert.equal(other.answer.kind, 'ask-again');
  });
});
