import assert from 'node:assert/strict';
import type { Occurrence } from '../../../src/domain/reconciliation/event.js';
import type { SentSmsVerdict } from '../../../src/domain/reconciliation/verdict.js';
import { asked, lost, notSent, playSteps, WAITED } from './play-steps.js';

const CLEAN = asked({ verdict: 'clean' });
const FAILED_ROW: SentSmsVerdict = {
  verdict: 'found',
  messageId: 'm1',
  timestamp: '2030-01-01T09:00:00.000Z',
  failure: 'no_service',
};

/** The code that a run ends with once its list shows a message that the phone failed to send. */
function codeAfter(...occurrences: Occurrence[]): string | undefined {
  const last = playSteps({}, ...occurrences, asked(FAILED_ROW)).at(-1);
  return last?.kind === 'fail' && last.failure.kind === 'code' ? last.failure.code : undefined;
}

describe('a message that the phone failed to send', () => {
  it('proves that nothing was sent after a single request', () => {
    assert.equal(codeAfter(lost(), WAITED), 'MESSAGE_SEND_FAILED');
    // The request that the provider says it did not take is the one that it lists.
    assert.equal(codeAfter(notSent(1, true), WAITED, asked(FAILED_ROW), WAITED), 'MESSAGE_SEND_FAILED');
  });

  it('proves that nothing was sent when every other request was proven not sent', () => {
    assert.equal(codeAfter(notSent(1, false), WAITED, lost(2), WAITED), 'MESSAGE_SEND_FAILED');
    assert.equal(codeAfter(lost(), WAITED, CLEAN, notSent(2, false), WAITED), 'MESSAGE_SEND_FAILED');
  });

  it('proves nothing when it may be the message of another request', () => {
    assert.equal(codeAfter(lost(), WAITED, CLEAN, lost(2), WAITED), 'SEND_OUTCOME_UNKNOWN');
  });

  it('proves nothing when only the provider claims that another request was not sent', () => {
    const offlineFirst = [notSent(1, true), WAITED, CLEAN, lost(2), WAITED];
    assert.equal(codeAfter(...offlineFirst), 'SEND_OUTCOME_UNKNOWN');
    assert.equal(codeAfter(lost(), WAITED, CLEAN, notSent(2, true), WAITED), 'SEND_OUTCOME_UNKNOWN');
  });
});
