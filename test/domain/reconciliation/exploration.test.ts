import assert from 'node:assert/strict';
import { explore, type Exploration } from './exploration/explore.js';
import { FAULTS } from './exploration/faults.js';
import { FAULTS_ABOUT_LISTS } from './exploration/faults-about-lists.js';
import { FAULTS_ABOUT_RUNS } from './exploration/faults-about-runs.js';
import { createModel } from './exploration/model.js';
import { REAL } from './exploration/parts.js';
import { SETTINGS } from './exploration/settings.js';

type SettingName = keyof typeof SETTINGS;

const NAMES = Object.keys(SETTINGS) as SettingName[];

/** What must have happened to a run somewhere, in the words of the stories. */
const EVENTS = [
  /requests, and is accepted/,
  /requests, and is refused/,
  /is asked to retry later/,
  /the phone is offline/,
  /the provider takes the message, and the reply is lost/,
  /the request is lost/,
  /m1 appears in the list/,
  /does not find its message/,
  /rows without dates; the run cannot tell/,
  /cannot read the sent messages/,
  /the run finds m1$/,
  /finds m1, which its phone failed to send/,
  /looks for a second message: m1/,
  /an operator names m1 as sent/,
  /an operator orders to send again/,
  /an operator leaves it/,
  /the run is cancelled/,
  /makes no request, as its deadline has passed/,
  /the run is reset/,
  /is kept from sending, as it was reset/,
  /the API key is lost/,
  /the account gets another API key/,
  /the sibling claims m1$/,
  /the run claims m1, which is the sibling’s/,
  /the run asks for the other runs: no other run is listed/,
];

describe('reconciliation, explored to a fixed point', function () {
  this.timeout('3 minutes');
  const explored = new Map<SettingName, Exploration>();
  let elapsedMs = 0;

  /** The product's own machine, explored once for each setting. */
  function exploreReal(name: SettingName): Exploration {
    const known = explored.get(name);
    if (known !== undefined) return known;
    const startedAtMs = performance.now();
    const exploration = explore(createModel(REAL, SETTINGS[name]));
    elapsedMs += performance.now() - startedAtMs;
    explored.set(name, exploration);
    return exploration;
  }

  for (const name of NAMES) {
    it(`breaks no promise and always leads to an end, with ${name}`, () => {
      assert.equal(exploreReal(name).counterexample, undefined);
    });
  }

  it('visits at least 10,000 states, and every kind of event', () => {
    const all = NAMES.map(exploreReal);
    const count = (what: 'states' | 'transitions') =>
      all.reduce((sum, exploration) => sum + exploration[what], 0);
    const counted = `${count('states')} states, ${count('transitions')} transitions`;
    process.stdout.write(`      ${counted}, ${(elapsedMs / 1_000).toFixed(1)} s\n`);
    assert.ok(count('states') >= 10_000, counted);
    const stories = all.flatMap((exploration) => [...exploration.stories]);
    const missing = EVENTS.filter((event) => !stories.some((story) => event.test(story)));
    assert.deepEqual(missing, []);
  });

  describe('finds a machine that', () => {
    const planted = [...FAULTS_ABOUT_LISTS, ...FAULTS_ABOUT_RUNS];

    for (const { fault, title, setting, story } of planted) {
      it(title, () => {
        assert.equal(exploreReal(setting).counterexample, undefined);
        const { counterexample } = explore(createModel(FAULTS[fault](REAL), SETTINGS[setting]));
        assert.deepEqual([...(counterexample?.story ?? []), counterexample?.broken], story);
      });
    }

    it('has all of the faults', () => {
      assert.deepEqual(planted.map(({ fault }) => fault).toSorted(), Object.keys(FAULTS).toSorted());
    });
  });
});
