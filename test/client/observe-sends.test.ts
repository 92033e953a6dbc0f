import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { SmsError, type SmsState } from '../../src/client.js';
import { createSendObserver, type SendObserver, type SendReader } from '../../src/client/observe-sends.js';
import type { KnownSend } from '../../src/client/send-state.js';
import { waitUntil } from '../../tools/servers/wait-until.js';

const ACCOUNT = '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e';
const OTHER = '0b7d2f10-3f4e-4d57-8a37-6d4c1f0a9b2c';

type Answer = Partial<SmsState> | SmsError;

/** Sends that stand where they are put; what was asked about them, and what goes on. */
function createSends(start: Record<string, Answer>) {
  const answers = new Map(Object.entries(start));
  const reads: string[] = [];
  const waits: AbortSignal[] = [];
  let ring: () => void = () => undefined;
  const reader: SendReader = {
    async read(workflowId): Promise<KnownSend> {
      reads.push(workflowId);
      await Promise.resolve();
      const answer = answers.get(workflowId) ?? new SmsError('NOT_FOUND');
      if (answer instanceof SmsError) throw answer;
      return { accountId: ACCOUNT, state: { workflowId, status: 'running', ...answer } };
    },
    awaitEnd: (_, signal) =>
      new Promise((resolve) => {
        waits.push(signal);
        ring = () => {
          resolve(undefined);
        };
      }),
  };
  return {
    reader,
    reads,
    put: (workflowId: string, answer: Answer) => answers.set(workflowId, answer),
    ring: () => {
      ring();
    },
    /** How many ends are being awaited. */
    waiting: () => waits.filter(({ aborted }) => !aborted).length,
    /** Waits until it was read again, and again, as a read may be under way. */
    async isRead() {
      const before = reads.length;
      await waitUntil('two reads', () => reads.length >= before + 2);
    },
  };
}

const ENDED = { status: 'accepted', closedAt: '2030-01-01T00:00:00.000Z' } as const;

/** Takes states until the wanted one. */
async function takeUntil(states: AsyncIterator<SmsState, undefined>, wanted: (state: SmsState) => boolean) {
  const seen: SmsState[] = [];
  for (;;) {
    const { value, done } = await states.next();
    if (done === true) return seen;
    seen.push(value);
    if (wanted(value)) return seen;
  }
}

/** What the tests leave open would poll for ever. */
const observers: SendObserver[] = [];

function observing(sends: ReturnType<typeof createSends>, everyMs = 1) {
  const observer = createSendObserver(sends.reader, everyMs);
  observers.push(observer);
  return {
    ...observer,
    iterate: (ids: readonly string[], accountId: string | null = ACCOUNT, signal?: AbortSignal) =>
      observer.observe(ids, { accountId, signal })[Symbol.asyncIterator]() as AsyncIterator<
        SmsState,
        undefined
      >,
  };
}

describe('observing sends', () => {
  afterEach(() => {
    for (const { close } of observers.splice(0)) close();
  });

  it('shows the present state, then each change, and ends with the send', async () => {
    const sends = createSends({ one: { sentence: 'Request 1.' } });
    const states = observing(sends).iterate(['one']);
    assert.deepEqual((await states.next()).value, {
      workflowId: 'one',
      status: 'running',
      sentence: 'Request 1.',
    });
    await sends.isRead();
    sends.put('one', { status: 'held', sentence: 'Held.' });
    assert.equal((await states.next()).value?.status, 'held');
    sends.put('one', ENDED);
    assert.equal((await states.next()).value?.status, 'accepted');
    assert.equal((await states.next()).done, true);
    assert.equal(sends.waiting(), 0);
  });

  it('reads a send once for all who look at it, and shows it to a later viewer at once', async () => {
    const sends = createSends({ one: {} });
    const { iterate } = observing(sends, 3_600_000);
    const viewers = Array.from({ length: 50 }, () => iterate(['one']));
    await Promise.all(viewers.map((states) => states.next()));
    assert.equal((await iterate(['one']).next()).value?.status, 'running');
    assert.deepEqual(sends.reads, ['one']);
    assert.equal(sends.waiting(), 1);
  });

  it('reads on for those who stay, and not once the last viewer has left', async () => {
    const sends = createSends({ one: {} });
    const { iterate } = observing(sends);
    const [first, second] = [iterate(['one']), iterate(['one'])];
    await Promise.all([first.next(), second.next()]);
    await first.return?.();
    await sends.isRead();
    await second.return?.();
    assert.equal(sends.waiting(), 0);
    const { length } = sends.reads;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(sends.reads.length, length);
  });

  it('stops for a viewer who has gone without asking for more', async () => {
    const sends = createSends({ one: {} });
    const stop = new AbortController();
    const states = observing(sends).iterate(['one'], ACCOUNT, stop.signal);
    await states.next();
    assert.equal(sends.waiting(), 1);
    stop.abort();
    assert.equal(sends.waiting(), 0);
    assert.equal((await states.next()).done, true);
    assert.deepEqual(getEventListeners(stop.signal, 'abort'), []);
  });

  it('ends for a viewer who waits when the signal is aborted', async () => {
    const sends = createSends({ one: {} });
    const stop = new AbortController();
    const states = observing(sends).iterate(['one'], ACCOUNT, stop.signal);
    await states.next();
    const next = states.next();
    stop.abort();
    assert.equal((await next).done, true);
    assert.equal(sends.waiting(), 0);
  });

  it('shows the end as soon as it comes', async () => {
    const sends = createSends({ one: {} });
    const states = observing(sends, 3_600_000).iterate(['one']);
    await states.next();
    await waitUntil('the end to be awaited', () => sends.waiting() === 1);
    sends.put('one', ENDED);
    sends.ring();
    assert.equal((await states.next()).value?.status, 'accepted');
  });

  it('says that Temporal does not answer, with what was known, and recovers', async () => {
    const sends = createSends({ one: { status: 'held', sentence: 'Held.' } });
    const states = observing(sends).iterate(['one']);
    await states.next();
    sends.put('one', new SmsError('TEMPORAL_UNAVAILABLE'));
    const [unreachable] = await takeUntil(states, () => true);
    assert.deepEqual(unreachable, {
      workflowId: 'one',
      status: 'held',
      sentence: 'Held.',
      unreachable: true,
    });
    sends.put('one', { status: 'held', sentence: 'Held.' });
    assert.deepEqual((await states.next()).value, { workflowId: 'one', status: 'held', sentence: 'Held.' });
  });

  it('says only that it does not answer where it never has', async () => {
    const sends = createSends({ one: new SmsError('TEMPORAL_UNAVAILABLE') });
    const states = observing(sends).iterate(['one'], OTHER);
    assert.deepEqual((await states.next()).value, { workflowId: 'one', unreachable: true });
    sends.put('one', {});
    assert.deepEqual((await states.next()).value, { workflowId: 'one', status: 'not-found' });
    assert.equal((await states.next()).done, true);
  });

  it('shows nobody of another account anything, also while that account is looking', async () => {
    const sends = createSends({ one: { sentence: 'Secret.' } });
    const { iterate } = observing(sends);
    const mine = iterate(['one'], ACCOUNT.toUpperCase());
    assert.equal((await mine.next()).value?.status, 'running');
    const theirs = iterate(['one'], OTHER);
    assert.deepEqual(await takeUntil(theirs, () => false), [{ workflowId: 'one', status: 'not-found' }]);
    sends.put('one', new SmsError('TEMPORAL_UNAVAILABLE'));
    await mine.next();
    assert.deepEqual(await takeUntil(iterate(['one'], OTHER), () => false), [
      { workflowId: 'one', status: 'not-found' },
    ]);
    assert.equal((await iterate(['one'], null).next()).value?.status, 'running');
  });

  it('goes on with those that it finds', async () => {
    const sends = createSends({ one: {}, two: ENDED });
    const states = observing(sends).iterate(['one', 'two', 'three', 'one']);
    const first = [await states.next(), await states.next(), await states.next()];
    assert.deepEqual(first.map(({ value }) => value?.status).sort(), ['accepted', 'not-found', 'running']);
    sends.put('one', ENDED);
    assert.equal((await states.next()).value?.workflowId, 'one');
    assert.equal((await states.next()).done, true);
  });

  it('shows a viewer who was busy only where the send stands now', async () => {
    const sends = createSends({ one: { sentence: '1' } });
    const states = observing(sends).iterate(['one']);
    await states.next();
    for (const sentence of ['2', '3', '4']) {
      sends.put('one', { sentence });
      await sends.isRead();
    }
    assert.equal((await states.next()).value?.sentence, '4');
  });

  it('fails for all viewers where Temporal refuses', async () => {
    const sends = createSends({ one: new SmsError('TEMPORAL_REFUSED') });
    const { iterate } = observing(sends);
    await Promise.all(
      [iterate(['one']), iterate(['one'])].map((states) =>
        assert.rejects(states.next(), { code: 'TEMPORAL_REFUSED' }),
      ),
    );
    // A later viewer asks again.
    sends.put('one', {});
    assert.equal((await iterate(['one']).next()).value?.status, 'running');
  });

  it('ends for all viewers when it is closed, and for those who come later', async () => {
    const sends = createSends({ one: {} });
    const { iterate, close } = observing(sends);
    const states = iterate(['one']);
    await states.next();
    const next = states.next();
    close();
    await assert.rejects(next, { code: 'TEMPORAL_UNAVAILABLE' });
    assert.equal(sends.waiting(), 0);
    await assert.rejects(iterate(['one']).next(), { code: 'TEMPORAL_UNAVAILABLE' });
  });

  it('refuses a missing account, no ids and too many', () => {
    const { observe } = observing(createSends({}));
    const ids = Array.from({ length: 101 }, (_, index) => `id-${index}`);
    for (const [workflowIds, accountId] of [
      [['one'], undefined],
      [[], ACCOUNT],
      [ids, ACCOUNT],
    ] as const) {
      assert.throws(() => observe(workflowIds, { accountId: accountId as never }), {
        code: 'VALIDATION_FAILED',
      });
    }
  });
});
