import assert from 'node:assert/strict';
import { watchStates } from '../../tools/chaos/following/watch-states.js';
import { makePlan } from '../../tools/chaos/plan/plan.js';
import type { SeenState } from '../../tools/chaos/system.js';
import { waitUntil } from '../../tools/servers/wait-until.js';

const { sends } = makePlan({ sends: 2, seed: 1, lateRows: false });
const [one, two] = [sends[0]!, sends[1]!];
const RUNNING: SeenState = { phase: 'open', says: 'running' };
const ACCEPTED: SeenState = { phase: 'accepted', says: 'accepted' };
const SENT: SeenState = { phase: 'ended', says: 'sent' };

describe('the watch over the states of jobs', () => {
  let ending: AbortController;
  beforeEach(() => {
    ending = new AbortController();
  });
  afterEach(() => {
    ending.abort();
  });

  const watch = (of: (key: string) => Promise<SeenState | undefined>, listed: SeenState | undefined) =>
    watchStates({
      sends: [one, two],
      states: {
        of: ({ key }) => of(key),
        listed: () =>
          listed === undefined
            ? Promise.reject(new Error('The broker is away.'))
            : Promise.resolve(new Map([[one.key, listed]])),
      },
      signal: ending.signal,
      everyMs: 1,
    });

  it('reports each change once, by each way of looking, and looks at nothing that has ended', async () => {
    const coming = [RUNNING, RUNNING, ACCEPTED, ACCEPTED, SENT];
    let asked = 0;
    const { stories } = watch((key) => {
      if (key === two.key) return Promise.resolve(undefined);
      asked += 1;
      return Promise.resolve(coming.shift());
    }, ACCEPTED);
    await waitUntil('the end to be seen', () =>
      stories().some(({ by, states }) => by === 'status' && states.at(-1) === SENT),
    );
    assert.deepEqual(stories(), [
      { key: one.key, by: 'status', states: [RUNNING, ACCEPTED, SENT] },
      { key: one.key, by: 'list', states: [ACCEPTED] },
    ]);
    assert.equal(asked, 5);
  });

  it('goes on after the broker was away', async () => {
    const answers = [Promise.reject(new Error('The broker is away.')), Promise.resolve(RUNNING)];
    for (const answer of answers) answer.catch(() => undefined);
    const { stories } = watch(() => answers.shift() ?? Promise.resolve(RUNNING), undefined);
    await waitUntil('something to be seen', () => stories().length === 2);
    assert.deepEqual(
      stories().map(({ by, states }) => [by, states]),
      [
        ['status', [RUNNING]],
        ['status', [RUNNING]],
      ],
    );
  });
});
