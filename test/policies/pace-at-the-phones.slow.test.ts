import fc from 'fast-check';
import { pacePlays, playWithStoppedWorkers } from './pace-at-the-phones.js';

/** Another number tries other sends and limits. */
const SEED = Number(process.env['PACE_SEED'] ?? 900_300);

describe('the requests that the provider receives, in three plays', function () {
  this.timeout('5 minutes');

  it('keep to the limits, use the rate and come once from sixteen workers that stop for two hours', async () => {
    for (const play of fc.sample(pacePlays(150), { numRuns: 3, seed: SEED }))
      await playWithStoppedWorkers(play);
  });
});
