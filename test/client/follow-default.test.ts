import assert from 'node:assert/strict';
import { createSmsClient } from '../../src/client.js';
import { normalizeJob } from '../../src/client/normalize-job.js';
import { SmsError } from '../../src/domain/errors.js';

const JOB = {
  recipientPhone: '06 39 98 00 01',
  message: 'Bonjour',
  accountId: '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e',
};

const optionsOf = (follow: boolean | undefined, options?: object) =>
  normalizeJob(options === undefined ? JOB : { ...JOB, options }, {
    defaultRegion: 'FR',
    purpose: 'marketing',
    ...(follow === undefined ? {} : { follow }),
  }).options;

describe('whether a client follows its sends', () => {
  for (const [follow, options, expected] of [
    [undefined, undefined, undefined],
    [undefined, { follow: true }, true],
    [true, undefined, true],
    [true, { simSlot: 1 }, true],
    [true, { follow: undefined }, true],
    [true, { follow: false }, false],
    [false, { follow: true }, true],
  ] as const) {
    it(`is ${String(expected)} for ${String(follow)} and the options ${JSON.stringify(options)}`, () => {
      assert.equal(optionsOf(follow, options)?.follow, expected);
      assert.equal(optionsOf(follow, options)?.purpose, 'marketing');
    });
  }

  it('hides no mistake in the options', () => {
    for (const options of [7, 'x', [], null]) {
      assert.throws(
        () => normalizeJob({ ...JOB, options }, { defaultRegion: 'FR', follow: true }),
        (error) => error instanceof SmsError && error.code === 'VALIDATION_FAILED',
      );
    }
  });

  it('is refused where it is neither true nor false', () => {
    for (const follow of ['true', 1, null]) {
      assert.throws(
        () => createSmsClient({ payloadKeys: 'off', follow: follow as never }),
        (error) => error instanceof RangeError && error.message === 'follow must be true or false.',
      );
    }
  });
});
