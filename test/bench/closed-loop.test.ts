import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { runClosedLoop, type Load } from '../../tools/bench/load/closed-loop.js';
import { waitUntil } from '../../tools/servers/wait-until.js';

/** A window that the tests close themselves, by the signal. */
const OPEN_ENDED_MS = 10 * 60_000;

/** The ends of the loops that a test has started: an open window keeps the process alive. */
const endings = new Set<AbortController>();

/** A loop whose sends end when the test says so, the oldest first. */
function startLoop(load: Partial<Load>) {
  const ends: ((error?: Error) => void)[] = [];
  const state = { begun: 0, edges: 0, hasEnded: false };
  const ending = new AbortController();
  endings.add(ending);
  const loop = runClosedLoop({
    load: { inFlight: 1, windowMs: OPEN_ENDED_MS, warmUpSends: 0, ...load },
    signal: ending.signal,
    send: () =>
      new Promise((resolve, reject) => {
        state.begun += 1;
        ends.push((error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
      }),
    atEdge() {
      state.edges += 1;
    },
  }).finally(() => {
    state.hasEnded = true;
  });
  // Those that a test does not wait for; one that does gets the error all the same.
  loop.catch(() => undefined);
  return {
    loop,
    state,
    underWay: () => ends.length,
    /** Lets the oldest send end, and all that follows from it at once. */
    end: async (error?: Error) => {
      ends.shift()?.(error);
      await nextTurn();
    },
    /** Closes the window, and the loop. */
    abort: async () => {
      ending.abort();
      await nextTurn();
    },
  };
}

describe('the closed loop', () => {
  afterEach(() => {
    for (const ending of endings) ending.abort();
    endings.clear();
  });

  it('keeps exactly the given number of sends in flight, and replaces each as soon as it ends', async () => {
    const { state, underWay, end, abort, loop } = startLoop({ inFlight: 3 });
    assert.equal(underWay(), 3);
    for (let ended = 1; ended <= 7; ended++) {
      await end();
      assert.deepEqual([underWay(), state.begun], [3, 3 + ended]);
    }
    await abort();
    for (let left = 2; left >= 0; left--) {
      await end();
      assert.equal(underWay(), left);
    }
    await loop;
    assert.equal(state.begun, 10);
  });

  it('opens the window once the warm-up sends are done, and not before', async () => {
    const { state, end } = startLoop({ inFlight: 2, warmUpSends: 3 });
    await end();
    await end();
    assert.equal(state.edges, 0);
    await end();
    assert.equal(state.edges, 1);
  });

  it('opens the window at once without warm-up sends', () => {
    assert.equal(startLoop({}).state.edges, 1);
  });

  it('counts the sends that end within the window, including those begun before it', async () => {
    const { state, end, abort, loop } = startLoop({ inFlight: 2, warmUpSends: 3 });
    // The third opens the window, when one from before it is still under way.
    for (let before = 0; before < 3; before++) await end();
    for (let within = 0; within < 4; within++) await end();
    await abort();
    assert.equal(state.edges, 2);
    for (let after = 0; after < 2; after++) await end();
    const { completed, latenciesMs, elapsedMs } = await loop;
    assert.deepEqual([completed, latenciesMs.length], [4, 4]);
    assert.ok(latenciesMs.every((latencyMs) => latencyMs >= 0 && latencyMs < OPEN_ENDED_MS));
    assert.ok(elapsedMs > 0);
  });

  it('closes the window by itself, reports it, and begins no further send', async () => {
    const windowMs = 20;
    const { state, end, loop } = startLoop({ inFlight: 2, windowMs });
    await waitUntil('the window to close', () => state.edges === 2);
    await end();
    await end();
    const { completed, elapsedMs } = await loop;
    assert.deepEqual([completed, state.begun, state.edges], [0, 2, 2]);
    // Timers may fire a moment early.
    assert.ok(elapsedMs >= windowMs - 1, `${elapsedMs} ms`);
  });

  it('waits for the last sends', async () => {
    const { state, end, loop } = startLoop({ inFlight: 2, windowMs: 1 });
    await waitUntil('the window to close', () => state.edges === 2);
    await end();
    assert.equal(state.hasEnded, false);
    await end();
    await loop;
  });

  it('rejects with the error of a send, and begins no further send', async () => {
    const { state, end, loop } = startLoop({ inFlight: 2 });
    const failure = new Error('it broke');
    await end(failure);
    await assert.rejects(loop, failure);
    await end();
    assert.equal(state.begun, 2);
  });

  it('ends soon after an abort, within the window and before it', async () => {
    for (const [warmUpSends, edges] of [
      [0, 2],
      [100, 0],
    ] as const) {
      const { state, end, abort, loop } = startLoop({ warmUpSends });
      await abort();
      await end();
      await loop;
      assert.deepEqual([state.begun, state.edges], [1, edges]);
    }
  });
});
