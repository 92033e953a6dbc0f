import fc from 'fast-check';
import { playPace, plays } from './pace-properties.js';

describe('the next moment', () => {
  it('breaks no limit of any window, whatever comes in what order, and is the earliest', () => {
    fc.assert(fc.property(plays, playPace), { seed: 620_100, numRuns: 60 });
  });
});
