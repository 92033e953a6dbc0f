import assert from 'node:assert/strict';
import { explore } from './exploration/explore.js';
import { createModel } from './exploration/model.js';
import { REAL } from './exploration/parts.js';
import { LARGE_SETTINGS } from './exploration/settings.js';

describe('reconciliation, explored with higher limits', function () {
  this.timeout('15 minutes');

  for (const [name, setting] of Object.entries(LARGE_SETTINGS)) {
    it(`breaks no promise and always leads to an end, with ${name}`, () => {
      const { states, transitions, counterexample } = explore(createModel(REAL, setting));
      process.stdout.write(`      ${states} states, ${transitions} transitions\n`);
      assert.equal(counterexample, undefined);
    });
  }
});
