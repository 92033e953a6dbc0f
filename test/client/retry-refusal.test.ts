import assert from 'node:assert/strict';
import { refusalOfVerdict } from '../../src/client/retry/retry-refusal.js';
import type { ReconcileSendResult } from '../../src/workflows/reconcile-send.js';

const RUN = { owner: { workflowId: 'sms-1', originalRunId: 'run-1' }, wasReset: false };
const FOUND = { verdict: 'found', messageId: 'm', timestamp: '2030-01-01T00:00:00.000Z' } as const;

describe('what the provider’s list of sent messages says against a retry', () => {
  it('nothing, where it does not show the message; but for a run that was reset', () => {
    assert.equal(refusalOfVerdict({ verdict: 'clean' }, RUN), undefined);
    const reset = refusalOfVerdict({ verdict: 'clean' }, { ...RUN, wasReset: true });
    assert.ok(reset?.kind === 'refused' && reset.why === 'unresolved');
  });

  it('that it was sent; or that the provider tries again by itself', () => {
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

  it('nothing of what was refused, unless a row shows the message', () => {
    const refused = { ...RUN, isRefused: true } as const;
    const ambiguous = { verdict: 'ambiguous', reason: 'the sent messages cannot be paged' } as const;
    assert.equal(refusalOfVerdict(ambiguous, refused), undefined);
    const shown = refusalOfVerdict({ ...ambiguous, showsMessage: true }, refused);
    assert.ok(shown?.kind === 'refused' && shown.why === 'unresolved');
    const unreadable = refusalOfVerdict({ verdict: 'unreadable', reason: 'why' }, refused);
    assert.ok(unreadable?.kind === 'refused' && unreadable.why === 'unresolved');
  });

  for (const verdict of ['ambiguous', 'unreadable', 'of-another-build']) {
    it(`that nobody knows: ${verdict}`, () => {
      const objection = refusalOfVerdict({ verdict, reason: 'why' } as ReconcileSendResult, RUN);
      assert.ok(objection?.kind === 'refused' && objection.why === 'unresolved');
    });
  }
});
