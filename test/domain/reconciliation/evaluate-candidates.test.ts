import assert from 'node:assert/strict';
import {
  evaluateCandidates,
  type CandidateEvidence,
  type Evaluation,
} from '../../../src/domain/reconciliation/evaluate-candidates.js';
import type { OwningRun } from '../../../src/domain/run-owner.js';
import type { LoggedSms, LoggedTime } from '../../../src/domain/sent-messages.js';
import { matchCandidates } from '../../../src/domain/reconciliation/match-candidates.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FROM_MS = Date.UTC(2030, 0, 1, 12);
const SOUGHT = {
  recipientPhone: '+33639980001',
  message: 'Bonjour Anna',
  fromMs: FROM_MS,
  toMs: FROM_MS + 30_000,
};
const SELF = { workflowId: 'sms-self', originalRunId: 'run-self' };

const at = (offsetMs: number): LoggedTime => ({ kind: 'exact', atMs: FROM_MS + offsetMs });
const zoneless = (offsetMs: number): LoggedTime => ({ kind: 'zoneless', asUtcMs: FROM_MS + offsetMs });

/** Our own message, as the log should show it. */
const row = (changes: Partial<LoggedSms> = {}): LoggedSms => ({
  messageIds: ['id-1'],
  number: '+33639980001',
  text: 'Bonjour Anna',
  time: at(1_000),
  failure: undefined,
  ...changes,
});
const run = (changes: Partial<OwningRun> = {}): OwningRun => ({
  owner: { workflowId: 'sms-other', originalRunId: 'run-other' },
  text: 'Bonjour Anna',
  messageIds: [],
  requestOut: false,
  ...changes,
});

function evaluate(
  rows: LoggedSms[],
  runs: OwningRun[] = [],
  changes: Partial<CandidateEvidence> = {},
): Evaluation {
  const candidates = matchCandidates(rows, SOUGHT);
  const nowMs = FROM_MS + HOUR_MS;
  return evaluateCandidates({
    sought: SOUGHT,
    candidates,
    incomplete: undefined,
    reachesBack: true,
    isOtherKey: false,
    self: SELF,
    runs,
    nowMs,
    ...changes,
  });
}

const idsOf = (evaluation: Evaluation) =>
  evaluation.kind === 'claimable' ? evaluation.rows.map(({ messageIds }) => messageIds[0]) : evaluation.kind;

describe('evaluating the sent messages', () => {
  const kinds: readonly (readonly [what: string, rows: LoggedSms[], kind: Evaluation['kind']])[] = [
    ['an empty log', [], 'clean'],
    ['the message itself', [row()], 'claimable'],
    ['the message, its number written nationally', [row({ number: '06 39 98 00 01' })], 'claimable'],
    ['the message, its text trimmed', [row({ text: ' Bonjour Anna\r\n' })], 'claimable'],
    ['the message, its phone still to send it', [row()], 'claimable'],
    ['the message, dated four minutes early', [row({ time: at(-4 * MINUTE_MS) })], 'claimable'],
    ['the message, dated four minutes late', [row({ time: at(4 * MINUTE_MS) })], 'claimable'],
    ['the same message an hour before', [row({ time: at(-HOUR_MS) })], 'clean'],
    ['the same message, dated an hour later', [row({ time: at(HOUR_MS) })], 'ambiguous'],
    ['an altered text', [row({ text: 'Bonjour Ann' })], 'ambiguous'],
    ['an altered text an hour before', [row({ text: 'Bonjour Ann', time: at(-HOUR_MS) })], 'clean'],
    ['another text to the number an hour later', [row({ text: 'Salut', time: at(HOUR_MS) })], 'ambiguous'],
    ['an id that holds the number', [row({ messageIds: ['a-639980001'] })], 'ambiguous'],
    ['both sent and failed', [row({ failure: 'no_service', hasContradiction: true })], 'ambiguous'],
    ['no text', [row({ text: undefined })], 'ambiguous'],
    ['no number', [row({ number: undefined })], 'ambiguous'],
    ['no number, for sure before', [row({ number: undefined, time: at(-HOUR_MS) })], 'clean'],
    ['no number, and a date without a zone', [row({ number: undefined, time: zoneless(0) })], 'ambiguous'],
    ['no message id', [row({ messageIds: [] })], 'ambiguous'],
    ['no date', [row({ time: { kind: 'unreadable' } })], 'ambiguous'],
    ['a date without a zone', [row({ time: zoneless(1_000) })], 'ambiguous'],
    ['a date without a zone 11 h before', [row({ time: zoneless(-11 * HOUR_MS) })], 'ambiguous'],
    ['a date without a zone 13 h after', [row({ time: zoneless(13 * HOUR_MS) })], 'ambiguous'],
    ['a date without a zone 15 h before', [row({ time: zoneless(-15 * HOUR_MS) })], 'clean'],
    [
      'nothing that can be read',
      [row({ messageIds: [], number: undefined, text: undefined, time: { kind: 'unreadable' } })],
      'ambiguous',
    ],
    ['another number', [row({ number: '+33639980002' })], 'clean'],
    [
      'another number, whatever else its row holds',
      [row({ number: '+33639980002', text: undefined, time: zoneless(0) })],
      'clean',
    ],
  ];
  for (const [what, rows, kind] of kinds) {
    it(`finds ${kind} for ${what}`, () => {
      assert.equal(evaluate(rows).kind, kind);
    });
  }

  it('finds incomplete sent messages ambiguous, even without a row', () => {
    const incomplete = 'the sent messages cannot be paged';
    assert.deepEqual(evaluate([], [], { incomplete }), { kind: 'ambiguous', reason: incomplete });
    assert.equal(evaluate([row()], [], { incomplete }).kind, 'claimable');
  });

  it('leaves a row to the run that owns it', () => {
    assert.equal(evaluate([row()], [run({ messageIds: ['id-1'] })]).kind, 'clean');
    assert.equal(evaluate([row()], [], { claimedByOthers: new Set(['id-1']) }).kind, 'clean');
    assert.equal(
      evaluate([row({ messageIds: ['id-1', '17'] })], [run({ messageIds: ['17'] })]).kind,
      'clean',
    );
  });

  it('claims nothing while another run with the same text waits for its reply', () => {
    assert.equal(evaluate([row()], [run({ requestOut: true })]).kind, 'ambiguous');
    assert.equal(evaluate([row()], [run({ requestOut: true, text: undefined })]).kind, 'ambiguous');
    assert.equal(evaluate([row()], [run({ requestOut: true, text: 'Salut' })]).kind, 'claimable');
    assert.equal(evaluate([], [run({ requestOut: true })]).kind, 'clean');
  });

  it('claims a row despite other runs with an unknown outcome', () => {
    assert.equal(evaluate([row()], [run()]).kind, 'claimable');
  });

  it('leaves a row to the run with its text', () => {
    const other = row({ messageIds: ['id-2'], text: 'Salut' });
    assert.equal(evaluate([other], [run({ text: 'Salut' })]).kind, 'clean');
    assert.equal(evaluate([other], [run({ text: 'Salut !' })]).kind, 'ambiguous');
    assert.equal(evaluate([other], [run({ text: 'Salut !', messageIds: ['id-2'] })]).kind, 'clean');
  });

  it('recognises the messages of the run and its resets, listed or not', () => {
    const self = run({ owner: SELF, messageIds: ['id-7'] });
    assert.deepEqual(evaluate([], [self]), { kind: 'owned', messageId: 'id-7', row: undefined });
    const own = evaluate([row({ messageIds: ['id-7'], failure: 'no_service' })], [self]);
    assert.equal(own.kind === 'owned' && own.row?.failure, 'no_service');
  });

  it('drops its own message that the phone failed to send once it is no longer listed', () => {
    const self = run({ owner: SELF, messageIds: ['id-7'], failedMessageIds: ['id-7'] });
    assert.equal(evaluate([], [self]).kind, 'clean');
  });

  it('does not claim a message that another run names as well', () => {
    const runs = [run({ owner: SELF, messageIds: ['id-1'] }), run({ messageIds: ['id-1'] })];
    assert.equal(evaluate([row()], runs).kind, 'ambiguous');
  });

  it('leaves a row later than its request to a run that may not be listed yet', () => {
    const late = row({ time: at(SOUGHT.toMs - FROM_MS + 11_000) });
    const soon = { nowMs: FROM_MS + 90_000 };
    assert.equal(evaluate([late], [], soon).kind, 'ambiguous');
    assert.equal(evaluate([late]).kind, 'claimable');
    assert.equal(evaluate([late, row({ messageIds: ['id-2'] })], [], soon).kind, 'claimable');
  });

  it('finds its message despite its own request', () => {
    assert.equal(evaluate([row()], [run({ owner: SELF, requestOut: true })]).kind, 'claimable');
  });

  it('claims the nearest row first, and rows that the phone failed to send last', () => {
    const rows = [
      row({ messageIds: ['failed'], failure: 'no_service' }),
      row({ messageIds: ['early'], time: at(-4 * MINUTE_MS) }),
      row({ messageIds: ['near'], time: at(2_000) }),
      row({ messageIds: ['late'], time: at(2 * MINUTE_MS) }),
    ];
    assert.deepEqual(idsOf(evaluate(rows)), ['near', 'late', 'early', 'failed']);
  });
});

describe('a list of sent messages that may have lost the row', () => {
  const gone = { reachesBack: false, nowMs: SOUGHT.toMs + HOUR_MS + 1 };

  it('is not clean, once the request is older than an hour', () => {
    assert.equal(evaluate([], [], gone).kind, 'ambiguous');
    assert.equal(evaluate([], [], { ...gone, nowMs: SOUGHT.toMs + HOUR_MS }).kind, 'clean');
    assert.equal(evaluate([], [], { ...gone, reachesBack: true }).kind, 'clean');
  });

  it('is not clean when it may belong to another API key, however young', () => {
    assert.equal(evaluate([], [], { isOtherKey: true }).kind, 'ambiguous');
  });

  it('still shows the message', () => {
    assert.deepEqual(idsOf(evaluate([row()], [], { ...gone, isOtherKey: true })), ['id-1']);
  });
});
