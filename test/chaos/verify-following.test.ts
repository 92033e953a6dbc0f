import assert from 'node:assert/strict';
import { makePlan } from '../../tools/chaos/plan/plan.js';
import type { PlannedSend } from '../../tools/chaos/plan/planned-send.js';
import type { SeenState } from '../../tools/chaos/system.js';
import {
  toReadings,
  toSendRequests,
  type FollowEvidence,
  type PhoneTruth,
  type Reading,
  type SeenStory,
} from '../../tools/chaos/verify/following/follow-evidence.js';
import { verifyFollowing } from '../../tools/chaos/verify/following/verify-following.js';
import type { RunEnd, RunReport } from '../../tools/chaos/verify/run-report.js';

const [example] = makePlan({ sends: 1, seed: 1, lateRows: false }).sends;
const ACCOUNT = 'account 1';
/** The provider took the message; the last check is due 20 s later. */
const TAKEN_MS = Date.parse('2026-03-10T12:00:00Z');
const LAST_CHECK_MS = TAKEN_MS + 20_000;
const END_MS = LAST_CHECK_MS + 3_000;

const planned = (changes: Partial<PlannedSend> = {}): PlannedSend => ({
  ...example!,
  key: 'one',
  account: 0,
  recipient: '+33639981000',
  message: 'one',
  cancelAfterMs: undefined,
  followChecksMs: [2_000, 20_000],
  ...changes,
});

const truth = (changes: Partial<PhoneTruth> = {}): PhoneTruth => ({
  id: 'id-1',
  accountLabel: ACCOUNT,
  takenAtMs: TAKEN_MS,
  listedFromMs: TAKEN_MS,
  ...changes,
});

const ended = (end: RunEnd, changes: Partial<RunReport> = {}): RunReport => ({
  key: 'one',
  end,
  closedAtMs: END_MS,
  unknownOutcomes: 0,
  resends: 0,
  reconciledByList: false,
  lastCheckAtMs: LAST_CHECK_MS,
  holds: [],
  stuckOn: undefined,
  ...changes,
});

const SENT: RunEnd = { kind: 'sent', messageId: 'id-1', saidDuplicate: false, delivery: 'sent' };
const UNKNOWN: RunEnd = { ...SENT, delivery: 'unknown', deliveryReason: 'The phone has not sent it yet.' };
const FAILED: RunEnd = {
  kind: 'failed',
  code: 'MESSAGE_SEND_FAILED',
  maybeSent: false,
  messageId: 'id-1',
};

const readAt = (afterCheckMs: number, changes: Partial<Reading> = {}): Reading => ({
  accountLabel: ACCOUNT,
  atMs: LAST_CHECK_MS + afterCheckMs,
  messageId: undefined,
  ...changes,
});

/** The counters that are not 0. */
function judge(end: RunEnd | RunReport, evidence: Partial<FollowEvidence> = {}): Record<string, number> {
  const report = 'kind' in end ? ended(end) : end;
  const { counters } = verifyFollowing({
    sends: [planned()],
    reports: [report],
    taken: [truth()],
    readings: [readAt(1_000)],
    requests: [],
    seen: [],
    ...evidence,
  });
  return Object.fromEntries(Object.entries(counters).filter(([, count]) => count > 0));
}

describe('the judge of followed sends that say "sent"', () => {
  const broken = { 'said sent, and was not': 1 };

  it('finds one whose phone has not sent the message', () => {
    assert.deepEqual(judge(SENT, { taken: [truth({ sentAtMs: TAKEN_MS })] }), {});
    assert.deepEqual(judge(SENT), broken);
    assert.deepEqual(judge(SENT, { taken: [truth({ failedAtMs: TAKEN_MS })] }), broken);
  });

  it('finds one whose phone sent the message after the end', () => {
    assert.deepEqual(judge(SENT, { taken: [truth({ sentAtMs: END_MS + 50 })] }), {});
    assert.deepEqual(judge(SENT, { taken: [truth({ sentAtMs: END_MS + 51 })] }), broken);
  });
});

describe('the judge of followed sends that say "failed"', () => {
  const broken = { 'said failed, and had not': 1 };
  const at = (changes: Partial<PhoneTruth>, readings = [readAt(1_000)]) =>
    judge(FAILED, { taken: [truth(changes)], readings });
  const failedAtMs = TAKEN_MS + 1_000;

  it('finds one whose phone never failed', () => {
    assert.deepEqual(at({ failedAtMs }), {});
    assert.deepEqual(at({}), broken);
  });

  it('finds one whose phone had sent the message when the last reading was made', () => {
    assert.deepEqual(at({ failedAtMs, sentAtMs: LAST_CHECK_MS + 1_000 }), {});
    assert.deepEqual(at({ failedAtMs, sentAtMs: LAST_CHECK_MS + 999 }), broken);
    assert.deepEqual(at({ failedAtMs, sentAtMs: END_MS + 60_000 }), {}, 'after the end');
  });

  it('finds one that a reading of an earlier check has made fail', () => {
    const sentAtMs = LAST_CHECK_MS - 60;
    assert.deepEqual(at({ failedAtMs, sentAtMs }, [readAt(-100)]), broken);
    assert.deepEqual(at({ failedAtMs, sentAtMs }, [readAt(-100), readAt(1_000)]), broken);
  });

  it('takes no reading of another account or message for one of this', () => {
    const sentAtMs = LAST_CHECK_MS + 2_000;
    const after = readAt(2_500);
    assert.deepEqual(at({ failedAtMs, sentAtMs }, [readAt(1_000, { messageId: 'id-1' }), after]), {});
    assert.deepEqual(at({ failedAtMs, sentAtMs }, [readAt(1_000, { messageId: 'id-2' }), after]), broken);
    assert.deepEqual(
      at({ failedAtMs, sentAtMs }, [readAt(1_000, { accountLabel: 'account 2' }), after]),
      broken,
    );
  });

  it('leaves a refusal of the provider to the judge of every run', () => {
    assert.deepEqual(judge({ kind: 'failed', code: 'MESSAGE_SEND_FAILED', maybeSent: false }), {});
  });
});

describe('the judge of followed sends that say "unknown"', () => {
  const broken = { 'said unknown, and listed': 1 };
  const at = (changes: Partial<PhoneTruth>, readings = [readAt(1_000)], end: RunEnd = UNKNOWN) =>
    judge(end, { taken: [truth(changes)], readings });

  it('finds one whose message was listed as sent before the last check', () => {
    assert.deepEqual(at({}), {});
    assert.deepEqual(at({ sentAtMs: LAST_CHECK_MS - 1_000 }), broken);
    assert.deepEqual(at({ sentAtMs: LAST_CHECK_MS - 1_000 }, []), broken, 'no reading was made for it');
  });

  it('allows one whose last reading was made before', () => {
    assert.deepEqual(at({ sentAtMs: LAST_CHECK_MS + 1_000 }), {});
    assert.deepEqual(at({ sentAtMs: LAST_CHECK_MS + 999 }), broken);
    assert.deepEqual(at({ sentAtMs: END_MS + 1 }), {});
  });

  it('allows one whose row was not there by then', () => {
    const sentAtMs = TAKEN_MS + 1_000;
    assert.deepEqual(at({ sentAtMs, listedFromMs: LAST_CHECK_MS + 1_000 }), {});
    assert.deepEqual(at({ sentAtMs, listedFromMs: LAST_CHECK_MS + 999 }), broken);
    const { listedFromMs, ...never } = truth({ sentAtMs });
    assert.ok(listedFromMs !== undefined);
    assert.deepEqual(judge(UNKNOWN, { taken: [never] }), {});
  });

  it('finds one of whose requests only one has failed, too', () => {
    const end = { ...FAILED, code: 'SEND_OUTCOME_UNKNOWN', maybeSent: true };
    assert.deepEqual(at({ sentAtMs: TAKEN_MS + 1 }, undefined, end), broken);
  });

  it('allows what was cancelled while it was followed, and nothing else', () => {
    const taken = [truth({ sentAtMs: TAKEN_MS + 1 })];
    const deliveryReason = 'The send was cancelled before the phone was seen to send the message.';
    const sends = [planned({ cancelAfterMs: 4_000 })];
    const end = ended({ ...UNKNOWN, deliveryReason }, { closedAtMs: TAKEN_MS + 5_000 });
    assert.deepEqual(judge(end, { sends, taken, readings: [] }), {});
    assert.deepEqual(judge(ended({ ...UNKNOWN, deliveryReason }), { taken }), broken);
    assert.deepEqual(judge(ended(UNKNOWN), { sends, taken }), broken);
  });
});

describe('the judge of following', () => {
  it('finds a send that was accepted and says nothing of its phone', () => {
    const { delivery, ...silent } = SENT;
    assert.equal(delivery, 'sent');
    assert.deepEqual(judge(silent), { 'not followed': 1 });
    const { followChecksMs, ...plain } = planned();
    assert.ok(followChecksMs);
    assert.deepEqual(judge(silent, { sends: [plain] }), {});
  });

  it('finds a send that ends without its last check', () => {
    const broken = { 'ended before last check': 1 };
    const { lastCheckAtMs, ...never } = ended(UNKNOWN);
    assert.equal(lastCheckAtMs, LAST_CHECK_MS);
    assert.deepEqual(judge(ended(UNKNOWN)), {});
    assert.deepEqual(judge(ended(UNKNOWN, { lastCheckAtMs: TAKEN_MS + 2_000 })), broken);
    assert.deepEqual(judge(never), broken);
    const taken = [truth({ failedAtMs: TAKEN_MS, sentAtMs: TAKEN_MS + 1 })];
    assert.deepEqual(judge(ended(SENT, { lastCheckAtMs: TAKEN_MS + 2_000 }), { taken }), {});
  });

  it('counts what the phones did', () => {
    const { figures } = verifyFollowing({
      sends: [planned()],
      reports: [ended(FAILED)],
      taken: [truth({ failedAtMs: TAKEN_MS, sentAtMs: END_MS + 1 })],
      readings: [readAt(1)],
      requests: [],
      seen: [{ key: 'one', by: 'status', states: [{ phase: 'open', says: 'running' }] }],
    });
    assert.deepEqual(figures, {
      'accepted, and followed': '1',
      'sent by their phone': '0',
      'sent after a failure': '0',
      'failed at their phone': '1',
      'not known': '0',
      'sent after the end': '1',
      'readings, states seen': '1, 1',
    });
  });
});

describe('the judge of states', () => {
  const story = (...states: SeenState[]): SeenStory => ({ key: 'one', by: 'list', states });
  const running: SeenState = { phase: 'open', says: 'running' };
  const checking: SeenState = { phase: 'open', says: 'checking' };
  const accepted: SeenState = { phase: 'accepted', says: 'accepted' };
  const unknown: SeenState = { phase: 'ended', says: 'accepted' };
  const sent: SeenState = { phase: 'ended', says: 'sent' };
  const failed: SeenState = { phase: 'ended', says: 'failed' };
  const taken = [truth({ sentAtMs: TAKEN_MS })];
  const seen = (...states: SeenState[]) => judge(SENT, { taken, seen: [story(...states)] });
  const broken = { 'states that went back': 1 };

  it('allows those that go on, also where some were not seen', () => {
    assert.deepEqual(seen(running, checking, running, accepted, sent), {});
    assert.deepEqual(seen(checking, accepted, unknown), {});
    assert.deepEqual(seen(running, failed), {});
    assert.deepEqual(seen(sent), {});
    assert.deepEqual(seen(), {});
  });

  it('finds one that goes back, and an end that becomes another', () => {
    assert.deepEqual(seen(accepted, running), broken);
    assert.deepEqual(seen(running, accepted, checking, accepted), broken);
    assert.deepEqual(seen(accepted, sent, accepted), broken);
    assert.deepEqual(seen(unknown, running), broken);
    assert.deepEqual(seen(failed, sent), broken);
    assert.deepEqual(seen(sent, failed), broken);
    assert.deepEqual(seen(sent, unknown), broken);
  });
});

describe('the judge of requests after an acceptance', () => {
  const broken = { 'sent again when accepted': 1 };
  const taken = [truth({ sentAtMs: TAKEN_MS }), truth({ id: 'id-2', takenAtMs: TAKEN_MS + 5_000 })];
  const { recipient, message: text } = planned();
  const requestAt = (afterMs: number) => ({ recipient, text, atMs: TAKEN_MS + afterMs });

  it('finds one for a message whose job was accepted', () => {
    assert.deepEqual(judge(SENT, { taken, requests: [requestAt(-1_000), requestAt(0)] }), {});
    assert.deepEqual(judge(SENT, { taken, requests: [requestAt(0), requestAt(1)] }), broken);
    assert.deepEqual(judge(SENT, { taken, requests: [{ ...requestAt(1), text: 'other' }] }), {});
  });

  it('allows one for another job with this number and text', () => {
    const sends = [planned(), planned({ key: 'two' })];
    const two = ended({ ...UNKNOWN, messageId: 'id-2' }, { key: 'two', lastCheckAtMs: TAKEN_MS + 25_000 });
    const at = (afterMs: number) =>
      judge(SENT, { sends, reports: [ended(SENT), two], taken, requests: [requestAt(afterMs)] });
    assert.deepEqual(at(5_000), {});
    assert.deepEqual(at(5_001), broken);
    const open = ended({ kind: 'open' }, { key: 'two' });
    assert.deepEqual(
      judge(SENT, { sends, reports: [ended(SENT), open], taken, requests: [requestAt(5_001)] }),
      {},
    );
  });
});

describe('what the provider says of its readings and requests', () => {
  const at = new Date(TAKEN_MS).toISOString();
  const read = { at, path: '/log/sent/sms/', fields: { apikey: ACCOUNT }, outcome: 'read' };

  it('is what could be read of the sent messages, late or not', () => {
    const one = { ...read, fields: { apikey: ACCOUNT, guid_message: 'id-1' }, outcome: 'log-slow' };
    const unreadable = ['log-503', 'log-no-array', 'reading', '403'].map((outcome) => ({ ...read, outcome }));
    assert.deepEqual(toReadings([read, one, ...unreadable, { ...read, path: '/getsms/' }]), [
      { accountLabel: ACCOUNT, atMs: TAKEN_MS, messageId: undefined },
      { accountLabel: ACCOUNT, atMs: TAKEN_MS, messageId: 'id-1' },
    ]);
  });

  it('leaves out requests that were cut off', () => {
    const fields = { apikey: ACCOUNT, recipients: '+33639981000', message: 'one' };
    assert.deepEqual(
      toSendRequests([
        { at, fields },
        { at, fields: {} },
      ]),
      [{ recipient: '+33639981000', text: 'one', atMs: TAKEN_MS }],
    );
  });
});
