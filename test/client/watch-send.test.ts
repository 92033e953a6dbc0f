import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { SmsError, type SmsHandle, type SmsRunStatus } from '../../src/client.js';
import { watchSend } from '../../src/client/watch-send.js';

/**
 * A send that stands at these statuses, one after the other, and never ends; what its watch left
 * open.
 */
function sendAt(statuses: readonly (SmsRunStatus | SmsError)[]) {
  const signals: (AbortSignal | undefined)[] = [];
  let asked = 0;
  const handle: SmsHandle = {
    workflowId: 'sms-1',
    status() {
      const status = statuses[Math.min(asked++, statuses.length - 1)] ?? 'running';
      if (typeof status !== 'string') return Promise.reject(status);
      return Promise.resolve({ workflowId: 'sms-1', runId: 'r', status, correlationIds: {} });
    },
    accepted: () => new Promise(() => undefined),
    result(options) {
      signals.push(options?.signal);
      return new Promise(() => undefined);
    },
  };
  return { handle, isWaiting: () => signals.some((signal) => signal?.aborted !== true), signals };
}

async function takeUntil(
  { handle }: ReturnType<typeof sendAt>,
  wanted: SmsRunStatus,
  signal?: AbortSignal,
): Promise<SmsRunStatus[]> {
  const seen: SmsRunStatus[] = [];
  for await (const { status } of watchSend(handle, { everyMs: 1, ...(signal && { signal }) })) {
    seen.push(status);
    if (status === wanted) break;
  }
  return seen;
}

describe('watching a send', () => {
  it('does not wait for the end when only the first report is read', async () => {
    const send = sendAt(['running']);
    assert.deepEqual(await takeUntil(send, 'running'), ['running']);
    assert.deepEqual(send.signals, []);
  });

  for (const [what, last] of [
    ['is left', 'held'],
    ['has seen the end', 'accepted'],
  ] as const) {
    it(`waits for the end once, and stops when it ${what}`, async () => {
      const send = sendAt(['running', 'running', 'checking', last]);
      const { signal } = new AbortController();
      assert.deepEqual(await takeUntil(send, last, signal), ['running', 'checking', last]);
      assert.equal(send.signals.length, 1);
      assert.equal(send.isWaiting(), false);
      assert.deepEqual(getEventListeners(signal, 'abort'), []);
    });
  }

  it('stops when it fails, and retries transient errors', async () => {
    const send = sendAt([
      ...(['running', new SmsError('TEMPORAL_UNAVAILABLE'), 'checking'] as const),
      new SmsError('TEMPORAL_REFUSED'),
    ]);
    await assert.rejects(takeUntil(send, 'accepted'), { code: 'TEMPORAL_REFUSED' });
    assert.equal(send.isWaiting(), false);
  });
});
