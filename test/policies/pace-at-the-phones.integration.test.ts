import fc from 'fast-check';
import { pacePlays, playWithStoppedWorkers } from './pace-at-the-phones.js';

describe('the requests that the provider receives', () => {
  it('keep to the limits, use the rate and come once from sixteen workers that stop for two hours', async () => {
    for (const play of fc.sample(pacePlays(90), { numRuns: 2, seed: 90_203 }))
      await playWithStoppedWorkers(play);
  });
});
