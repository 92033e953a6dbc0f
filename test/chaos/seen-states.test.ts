import assert from 'node:assert/strict';
import { SmsError, type SmsHandle, type SmsListing, type SmsStatusReport } from '../../src/client.js';
import { readRunEnd } from '../../tools/chaos/durable/run-end.js';
import { createSeenStates } from '../../tools/chaos/durable/seen-states.js';
import { makePlan } from '../../tools/chaos/plan/plan.js';

const [send] = makePlan({ sends: 1, seed: 1, lateRows: false }).sends;
const RUN = { workflowId: 'id', runId: 'run', correlationIds: {} };
const RESULT = { messageId: 'm1', timestamp: '2026-03-10T12:00:00Z', attempt: 1 } as const;

/** A handle whose send stands so; a result that is not given is never there. */
function handle(
  status: Omit<SmsStatusReport, keyof typeof RUN> | SmsError,
  result: () => Promise<unknown> = () => new Promise(() => undefined),
): SmsHandle {
  return {
    workflowId: 'id',
    status: () =>
      status instanceof SmsError ? Promise.reject(status) : Promise.resolve({ ...RUN, ...status }),
    result: result as SmsHandle['result'],
    accepted: () => Promise.reject(new Error('Nobody asks.')),
  };
}

describe('where a send stands, to those who watch it under fire', () => {
  const seenOf = (one: SmsHandle, listed: readonly Partial<SmsListing>[] = []) =>
    createSeenStates({
      client: {
        get: () => one,
        async *list() {
          for (const each of listed) yield await Promise.resolve({ ...RUN, ...each } as SmsListing);
        },
      },
      idOf: () => 'id',
      keyOf: new Map([['id', 'send-1']]),
    });

  it('is what its status says', async () => {
    const { of } = seenOf(handle({ status: 'accepted', delivery: 'pending' }));
    assert.deepEqual(await of(send!), { phase: 'accepted', says: 'accepted' });
    for (const status of ['running', 'waiting', 'checking', 'held'] as const) {
      assert.deepEqual(await seenOf(handle({ status })).of(send!), { phase: 'open', says: status });
    }
    const unknown = seenOf(handle({ status: 'accepted', delivery: 'unknown' }));
    assert.deepEqual(await unknown.of(send!), { phase: 'ended', says: 'accepted' });
    const failed = seenOf(handle({ status: 'failed', code: 'MESSAGE_SEND_FAILED' }));
    assert.deepEqual(await failed.of(send!), { phase: 'ended', says: 'failed' });
  });

  it('is nothing before it is there, and an error while Temporal is away', async () => {
    assert.equal(await seenOf(handle(new SmsError('NOT_FOUND'))).of(send!), undefined);
    await assert.rejects(seenOf(handle(new SmsError('TEMPORAL_UNAVAILABLE'))).of(send!));
  });

  it('is what the list says, and its end where it is listed twice', async () => {
    const closedAt = '2026-03-10T12:00:00Z';
    const at = async (...listed: Partial<SmsListing>[]) =>
      [...(await seenOf(handle({ status: 'running' }), listed).listed())].map(([, state]) => state);
    assert.deepEqual(await at({ status: 'accepted' }), [{ phase: 'accepted', says: 'accepted' }]);
    assert.deepEqual(await at({ status: 'accepted', closedAt }), [{ phase: 'ended', says: 'accepted' }]);
    assert.deepEqual(await at({ status: 'checking' }), [{ phase: 'open', says: 'checking' }]);
    assert.deepEqual(await at({ status: 'accepted' }, { status: 'sent', closedAt }), [
      { phase: 'ended', says: 'sent' },
    ]);
    assert.deepEqual(await at({ status: 'sent', workflowId: 'another' }), []);
  });
});

describe('how a send ended under fire', () => {
  it('is open while it waits or is followed', async () => {
    for (const open of [{ status: 'waiting' }, { status: 'accepted', delivery: 'pending' }] as const)
      assert.deepEqual(await readRunEnd(handle(open)), { kind: 'open' });
  });

  it('says what became of the message', async () => {
    const ended = { status: 'accepted', delivery: 'unknown' } as const;
    const deliveryReason = 'The phone has not sent it yet.';
    const result = () => Promise.resolve({ ...RESULT, delivery: 'unknown', deliveryReason });
    assert.deepEqual(await readRunEnd(handle(ended, result)), {
      kind: 'sent',
      messageId: 'm1',
      saidDuplicate: false,
      delivery: 'unknown',
      deliveryReason,
    });
  });

  it('names the message that the phone failed to send', async () => {
    const failure = (details: SmsError['details']) => () =>
      Promise.reject(new SmsError('MESSAGE_SEND_FAILED', { details }));
    const end = { kind: 'failed', code: 'MESSAGE_SEND_FAILED', maybeSent: false };
    assert.deepEqual(await readRunEnd(handle({ status: 'failed' }, failure({ messageId: 'm1' }))), {
      ...end,
      messageId: 'm1',
    });
    assert.deepEqual(await readRunEnd(handle({ status: 'failed' }, failure({ attempt: 1 }))), end);
  });
});
