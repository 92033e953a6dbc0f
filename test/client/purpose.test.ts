import assert from 'node:assert/strict';
import { createSmsClient } from '../../src/client.js';
import { SmsError } from '../../src/domain/errors.js';
import { toStartRequest } from '../../src/client/start-request.js';
import { differingFields } from '../../src/domain/compare-jobs.js';

const NOW_MS = Date.parse('2030-01-01T12:00:00Z');
const DAY_MS = 86_400_000;
const JOB = {
  recipientPhone: '06 39 98 00 01',
  message: 'Bonjour',
  accountId: '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e',
};

type Purpose = 'transactional' | 'marketing' | undefined;

const start = (purpose: Purpose, options?: unknown) =>
  toStartRequest(
    { ...JOB, ...(options === undefined ? {} : { options }) },
    { sendAt: new Date(NOW_MS + DAY_MS) },
    {
      defaultRegion: 'FR',
      purpose,
      recipientKey: () => 'digest',
      nowMs: NOW_MS,
    },
  ).job;

describe('the purpose of a client', () => {
  for (const [purpose, options, expected] of [
    [undefined, undefined, undefined],
    [undefined, { purpose: 'marketing' }, 'marketing'],
    ['marketing', undefined, 'marketing'],
    ['marketing', { simSlot: 2 }, 'marketing'],
    ['marketing', { purpose: undefined }, 'marketing'],
    ['marketing', { purpose: 'transactional' }, 'transactional'],
    ['transactional', undefined, 'transactional'],
    ['transactional', { purpose: 'marketing' }, 'marketing'],
  ] as const) {
    it(`${purpose ?? 'that has none'} makes a job with ${options === undefined ? 'no options' : JSON.stringify(options)} ${expected ?? 'none'}`, () => {
      const job = start(purpose, options);
      assert.equal(job.options?.purpose, expected);
      if (options !== undefined && 'simSlot' in options) assert.equal(job.options?.simSlot, 2);
    });
  }

  it('decides how long the message may wait', () => {
    const waitsMs = (purpose: Purpose) =>
      Date.parse(start(purpose).options?.expiresAt ?? '') - NOW_MS - DAY_MS;
    assert.equal(waitsMs('marketing'), 7 * DAY_MS);
    assert.equal(waitsMs('transactional'), DAY_MS);
  });

  it('is a default to idempotency: it is the same job with and without it', () => {
    assert.deepEqual(differingFields(start('marketing'), start('marketing', { purpose: 'marketing' })), []);
    assert.deepEqual(differingFields(start(undefined), start('transactional')), []);
    assert.deepEqual(differingFields(start(undefined), start('marketing')), ['options.purpose']);
  });

  it('hides no mistake in the options', () => {
    for (const wrong of ['text', null, [], { purpose: 'spam' }])
      assert.throws(
        () => start('marketing', wrong),
        (error) =>
          error instanceof SmsError &&
          error.code === 'VALIDATION_FAILED' &&
          error.message.includes('options'),
      );
  });

  it('is refused unless it is one', () => {
    for (const purpose of ['spam', '', 1, null] as never[])
      assert.throws(() => createSmsClient({ payloadKeys: 'off', purpose }), RangeError);
  });
});
