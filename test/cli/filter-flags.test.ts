import assert from 'node:assert/strict';
import { readFilter } from '../../src/cli/filter-flags.js';

describe('the flags that filter sends', () => {
  it('become a filter of the given flags, which is empty without flags', () => {
    assert.deepEqual(Object.keys(readFilter({})), []);
    assert.deepEqual(readFilter({ hunt: 'hunt-7', since: '2030-01-31' }), {
      huntId: 'hunt-7',
      since: new Date('2030-01-31T00:00:00Z'),
    });
  });
});
