import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { makePlan } from '../../tools/chaos/plan/plan.js';
import type { PlannedSend } from '../../tools/chaos/plan/planned-send.js';
import { submitSends } from '../../tools/chaos/sends/submit-sends.js';

const [example] = makePlan({ sends: 1, seed: 1, lateRows: false }).sends;

const planned = (key: string, changes: Partial<PlannedSend> = {}): PlannedSend => ({
  ...example!,
  key,
  atMs: 0,
  startedTwice: false,
  cancelAfterMs: undefined,
  ...changes,
});

/** Starts these jobs on a system that takes a call when `takes` says so; returns the calls. */
async function submitTo(sends: readonly PlannedSend[], takes: (calls: readonly string[]) => boolean) {
  const calls: string[] = [];
  const open = { now: 0, most: 0 };
  const call = async (name: string) => {
    calls.push(name);
    open.most = Math.max(open.most, (open.now += 1));
    await new Promise((resolve) => setImmediate(resolve));
    open.now -= 1;
    return takes(calls);
  };
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const submission = submitSends({
    sends,
    system: {
      submit: ({ key }, server) => call(`submit ${key} ${server}`),
      cancel: ({ key }) => call(`cancel ${key}`),
    },
    startedAtMs: Date.now(),
    signal,
  });
  await submission.done;
  return { calls, taken: [...submission.taken.keys()], mostOpen: open.most };
}

describe('the web app under fire', () => {
  it('starts a job again under its key until it is accepted', async () => {
    const { calls, taken } = await submitTo([planned('a')], (made) => made.length > 2);
    assert.deepEqual(calls, ['submit a 0', 'submit a 0', 'submit a 0']);
    assert.deepEqual(taken, ['a']);
  });

  it('starts a job from both web servers where the plan says so', async () => {
    const { calls } = await submitTo([planned('a', { startedTwice: true })], () => true);
    assert.deepEqual(calls.toSorted(), ['submit a 0', 'submit a 1']);
  });

  it('cancels a job after it was accepted', async () => {
    const { calls } = await submitTo([planned('a', { cancelAfterMs: 1 })], () => true);
    assert.deepEqual(calls, ['submit a 0', 'cancel a']);
  });

  it('keeps at most 15 requests open', async () => {
    const sends = Array.from({ length: 60 }, (_, index) => planned(`send-${index}`));
    const { taken, mostOpen } = await submitTo(sends, () => true);
    assert.equal(taken.length, 60);
    assert.equal(mostOpen, 15);
  });
});
