import assert from 'node:assert/strict';
import { refusalOfVerdict } from '../../src/client/retry/retry-refusal.js';
import type { ReconcileSendResult } from '../../src/workflows/reconcile-send.js';

const RUN = {
  owner: { workflowId: 'sms-1', originalRunId: 'run-1' },
  wasReset: false,
  failedForGood: undefined,
};
const FOUND = { verdict: 'found', messageId: 'm', timestamp: '2030-01-01T00:00:00.000Z' } as const;

describe('a check of the sent messages before a retry', () => {
  it('allows it when they do not show the message, unless the run was reset', () => {
    assert.equal(refusalOfVerdict({ verdict: 'clean' }, RUN), undefined);
    const reset = refusalOfVerdict({ verdict: 'clean' }, { ...RUN, wasReset: true });
    assert.ok(reset?.kind === 'refused' && reset.why === 'unresolved');
  });

  it('refuses it when the message was sent, or when the provider retries by itself', () => {
    const { messageId, timestamp } = FOUND;
    assert.deepEqual(refusalOfVerdict(FOUND, RUN), {
      kind: 'was-sent',
      workflowId: 'sms-1',
      messageId,
      timestamp,
    });
    const failed = refusalOfVerdict({ ...FOUND, failure: '7' }, RUN);
    assert.ok(failed?.kind === 'refused' && failed.why === 'unresolved');
  });

  it('allows it for a followed message that still shows as failed', () => {
    const { messageId } = FOUND;
    const run = { ...RUN, failedForGood: { messageId, sinceMs: 0, mayBeElsewhere: false } };
    const failed = { ...FOUND, failure: '7' };
    assert.equal(refusalOfVerdict(failed, run), undefined);
    assert.equal(refusalOfVerdict(FOUND, run)?.kind, 'was-sent');
    const other = refusalOfVerdict({ ...failed, messageId: 'other' }, run);
    assert.ok(other?.kind === 'refused' && other.why === 'unresolved');
    const elsewhere = { ...RUN, failedForGood: { messageId, sinceMs: 0, mayBeElsewhere: true } };
    assert.equal(refusalOfVerdict(failed, elsewhere)?.kind, 'refused');
    const gone = refusalOfVerdict({ verdict: 'clean' }, run);
    assert.ok(gone?.kind === 'refused' && gone.why === 'unresolved');
  });

  it('allows it for a refused request, unless a row shows the message', () => {
    const refused = { ...RUN, isRefused: true } as const;
    const ambiguous = { verdict: 'ambiguous', reason: 'the sent messages cannot be paged' } as const;
    assert.equal(refusalOfVerdict(ambiguous, refused), undefined);
    const shown = refusalOfVerdict({ ...ambiguous, showsMessage: true }, refused);
    assert.ok(shown?.kind === 'refused' && shown.why === 'unresolved');
    const unreadable = refusalOfVerdict({ verdict: 'unreadable', reason: 'why' }, refused);
    assert.ok(unreadable?.kind === 'refused' && unreadable.why === 'unresolved');
  });

  for (const verdict of ['ambiguous', 'unreadable', 'of-another-build']) {
    it(`refuses it as unresolved: ${verdict}`, () => {
      const objection = refusalOfVerdict({ verdict, reason: 'why' } as ReconcileSendResult, RUN);
      assert.ok(objection?.kind === 'refused' && objection.why === 'unresolved');
    });
  }
});
