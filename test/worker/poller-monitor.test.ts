import assert from 'node:assert/strict';
import { watchPollers, type PollerSight } from '../../src/worker/poller-monitor.js';

const MINUTE_MS = 60_000;

/**
 * What a watch says after each look, a minute apart; an undefined look is one that Temporal does
 * not answer.
 */
async function watch(looks: readonly (PollerSight | undefined | 'not running')[]): Promise<string[][]> {
  const said: string[][] = [];
  let nowMs = 1_000_000;
  await new Promise<void>((resolve) => {
    let index = 0;
    const pollers = watchPollers(
      () => {
        const look = looks[index++];
        if (look === 'not running') return Promise.resolve(undefined);
        return look === undefined ? Promise.reject(new Error('away')) : Promise.resolve(look);
      },
      {
        now: () => nowMs,
        pause: () => {
          said.push([...pollers.stuck()]);
          nowMs += MINUTE_MS;
          if (index === looks.length) {
            resolve();
            void pollers.stop();
          }
          return Promise.resolve();
        },
      },
    );
  });
  return said;
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const never: string[] = [];

describe('the poller monitor', () => {
  it('reports pollers as healthy while they are seen regularly', async () => {
    const looks = times(9, 0).map((_, index) => ({
      workflow: index * 50_000 + 1,
      activity: index * 60_000 + 1,
    }));
    assert.deepEqual(await watch(looks), times(9, never));
  });

  it('reports a poller kind as stuck after 3 minutes unseen, and healthy once seen again', async () => {
    const looks = [
      ...times(5, { workflow: 10, activity: 10 }).map((sight, index) => ({
        ...sight,
        activity: index * 10 + 10,
      })),
      { workflow: 999, activity: 60 },
    ];
    assert.deepEqual(await watch(looks), [...times(4, never), ['workflow'], never]);
  });

  it('reports pollers that the server has dropped', async () => {
    const looks = [{ workflow: 10, activity: 10 }, ...times(4, {})];
    assert.deepEqual(await watch(looks), [...times(4, never), ['workflow', 'activity']]);
  });

  it('does not report pollers that were never seen', async () => {
    assert.deepEqual(await watch(times(9, {})), times(9, never));
  });

  for (const gone of [undefined, 'not running'] as const) {
    it(`starts over after a time in which ${gone ?? 'Temporal did not answer'}`, async () => {
      const sight = { workflow: 10, activity: 10 };
      const looks = [...times(3, sight), ...times(9, gone), ...times(5, sight)];
      assert.deepEqual(await watch(looks), [...times(16, never), ['workflow', 'activity']]);
    });
  }
});
