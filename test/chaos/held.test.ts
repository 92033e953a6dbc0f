import assert from 'node:assert/strict';
import type { RunEnd, RunReport } from '../../tools/chaos/verify/run-report.js';
import { decideHeld } from '../../tools/chaos/sends/decide-held.js';

const sent = (messageId: string): RunEnd => ({ kind: 'sent', messageId, saidDuplicate: false });

function other(end: RunEnd): RunReport {
  return {
    key: 'other',
    end,
    closedAtMs: undefined,
    unknownOutcomes: 0,
    resends: 0,
    reconciledByList: false,
    holds: [],
    stuckOn: undefined,
  };
}

const decide = (held: readonly string[], ends: readonly RunEnd[], messageIds: readonly string[]) =>
  Object.fromEntries(decideHeld({ held, others: ends.map(other), messageIds }));

describe('the person who decides about held jobs', () => {
  it('decides "sent", with the id, if the message is on the phone', () => {
    assert.deepEqual(decide(['a'], [], ['m1']), { a: { sent: true, messageId: 'm1' } });
  });

  it('decides to resend if there is no message', () => {
    assert.deepEqual(decide(['a'], [], []), { a: { resend: true } });
  });

  it('gives no job the message of another', () => {
    assert.deepEqual(decide(['a'], [sent('m1')], ['m1']), { a: { resend: true } });
    assert.deepEqual(decide(['a'], [sent('m1')], ['m1', 'm2']), { a: { sent: true, messageId: 'm2' } });
  });

  it('gives each of several held jobs a different message', () => {
    assert.deepEqual(decide(['a', 'b'], [], ['m1']), {
      a: { sent: true, messageId: 'm1' },
      b: { resend: true },
    });
  });

  it('waits while another job with this number and text still runs', () => {
    assert.deepEqual(decide(['a'], [{ kind: 'open' }], ['m1']), {});
  });
});
