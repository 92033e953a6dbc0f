import assert from 'node:assert/strict';
import { startFollowedRunsGauge } from '../../src/observability/followed-runs-gauge.js';

const MINUTE_MS = 60_000;

/** What the gauge reports at each look: the runs that are listed then, and the minute. */
async function report(looks: readonly { minute: number; runs: readonly string[] | Error }[]) {
  const reported: [number, number, number][] = [];
  const left = [...looks];
  let nowMs = 0;
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const poll = startFollowedRunsGauge({
    listFollowedRuns() {
      const look = left.shift();
      if (look === undefined) {
        finish();
        return Promise.reject(new Error('no look is left'));
      }
      nowMs = look.minute * MINUTE_MS;
      return look.runs instanceof Error ? Promise.reject(look.runs) : Promise.resolve(look.runs);
    },
    metrics: {
      setFollowed: (count, unsent) => reported.push([count, unsent['10m'], unsent['1h']]),
    },
    intervalMs: 1,
    now: () => nowMs,
  });
  await finished;
  await poll.stop();
  return reported;
}

describe('the gauge of followed sends', () => {
  it('counts a send as unsent for as long as it was seen followed, however long it waited before', async () => {
    const reported = await report([
      { minute: 0, runs: ['a', 'b'] },
      { minute: 9, runs: ['a', 'b', 'c'] },
      { minute: 10, runs: ['a', 'b', 'c'] },
      { minute: 19, runs: ['a', 'c'] },
      { minute: 60, runs: ['a', 'c'] },
    ]);
    assert.deepEqual(reported, [
      [2, 0, 0],
      [3, 0, 0],
      [3, 2, 0],
      [2, 2, 0],
      [2, 2, 1],
    ]);
  });

  it('stays quiet while sends come and go', async () => {
    const looks = Array.from({ length: 100 }, (_, minute) => ({
      minute,
      runs: [0, 1, 2, 3, 4].map((age) => `run ${minute - age}`),
    }));
    const reported = await report(looks);
    assert.equal(reported.length, looks.length);
    assert.ok(reported.every(([count, over10m, over1h]) => count === 5 && over10m === 0 && over1h === 0));
  });

  it('keeps the ages while Temporal does not answer', async () => {
    const reported = await report([
      { minute: 0, runs: ['a'] },
      { minute: 30, runs: new Error('Temporal is away') },
      { minute: 61, runs: ['a'] },
    ]);
    assert.deepEqual(reported, [
      [1, 0, 0],
      [1, 1, 1],
    ]);
  });
});
