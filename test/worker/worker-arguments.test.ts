import assert from 'node:assert/strict';
import { StartError } from '../../src/run-process.js';
import { readWorkerArguments } from '../../src/worker/worker-arguments.js';

describe('the arguments of a worker', () => {
  it('may state how far the list of runs lags', () => {
    assert.deepEqual(readWorkerArguments([]), {});
    assert.deepEqual(readWorkerArguments(['--other', 'x']), {});
    assert.deepEqual(readWorkerArguments(['--listing-lag-ms', '3000']), { listingLagMs: 3_000 });
  });

  it('may state how often the phones of an account are asked', () => {
    const args = ['--listing-lag-ms', '3000', '--deliveries-every-ms', '200'];
    assert.deepEqual(readWorkerArguments(args), { listingLagMs: 3_000, deliveriesEveryMs: 200 });
  });

  for (const value of ['', '-1', '1.5', '1e3', 'soon', '99999999']) {
    it(`refuse an invalid time: ${JSON.stringify(value)}`, () => {
      assert.throws(() => readWorkerArguments([`--listing-lag-ms=${value}`]), StartError);
      assert.throws(() => readWorkerArguments([`--deliveries-every-ms=${value}`]), StartError);
    });
  }
});
