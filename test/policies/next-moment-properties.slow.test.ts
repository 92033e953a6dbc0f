import fc from 'fast-check';
import { playPace, plays } from './pace-properties.js';

/** Another number tries other requests. */
const SEED = Number(process.env['PACE_SEED'] ?? 200_300);

describe('the next moment, in 1,000 random plays', () => {
  it('breaks no limit of any window, whatever comes in what order, and is the earliest', () => {
    fc.assert(fc.property(plays, playPace), { seed: SEED, numRuns: 1_000 });
  });
});
