import assert from 'node:assert/strict';
import { differingFields } from '../../src/domain/compare-jobs.js';
import type { SmsJob, SmsOptions } from '../../src/domain/sms-job.js';
import { validateSmsJob } from '../../src/domain/validate-sms-job.js';

const JOB: SmsJob = {
  recipientPhone: '+33639980001',
  message: 'Bonjour',
  accountId: '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e',
};

/** As the client sends it, and as Temporal keeps it. */
const sent = (changes: object) => validateSmsJob({ ...JOB, ...changes }, 'refuse');
const stored = (changes: object) =>
  validateSmsJob(JSON.parse(JSON.stringify({ ...JOB, ...changes })) as unknown, 'ignore');

const differing = (first: object, repeat: object) => differingFields(stored(first), sent(repeat));

describe('two jobs for the same send', () => {
  for (const [what, first, repeat] of [
    ['where neither has options or metadata', {}, {}],
    ['where one has empty options', {}, { options: {} }],
    ['where one has empty metadata', { metadata: {} }, {}],
    ['where one leaves undefined what the other leaves out', {}, { options: undefined, metadata: undefined }],
    [
      'where a field of options or metadata is undefined',
      { metadata: { leadId: 'l' } },
      { metadata: { adId: undefined, leadId: 'l' }, options: { maxResends: undefined, sendAt: undefined } },
    ],
    ['where one gives the default for onUnknown', {}, { options: { onUnknown: 'resend' } }],
    ['where one gives the default for maxResends', { options: { maxResends: 1 } }, {}],
    [
      'where one gives the default for unknownChecksMs',
      {},
      { options: { unknownChecksMs: [10_000, 30_000, 120_000, 300_000] } },
    ],
    ['where one is followed', { options: { follow: true, followChecksMs: [1] } }, {}],
    ['where one gives the default for allowAnyNumber', { options: { allowAnyNumber: false } }, {}],
    ['where 0 came as -0', { options: { maxResends: 0 } }, { options: { maxResends: -0 } }],
    [
      'where their fields come in another order',
      { metadata: { huntId: 'h', adId: 'a' }, options: { maxResends: 2, onUnknown: 'hold' } },
      { options: { onUnknown: 'hold', maxResends: 2 }, metadata: { adId: 'a', huntId: 'h' } },
    ],
    [
      'where the account is written in capitals',
      { accountId: JOB.accountId.toUpperCase() },
      { accountId: JOB.accountId },
    ],
    ['where each repeat counts expiresAt from now', { options: { expiresAt: '2030-01-01T12:00:00Z' } }, {}],
    [
      'where they differ in expiresAt',
      { options: { expiresAt: '2030-01-01T12:00:00Z' } },
      { options: { expiresAt: '2030-01-01T12:00:07Z' } },
    ],
    [
      'where sendAt is the same second',
      { options: { sendAt: '2030-01-01T12:00:00.000Z' } },
      { options: { sendAt: '2030-01-01T12:00:00.999Z' } },
    ],
    [
      'where sendAt is written in another zone',
      { options: { sendAt: '2030-01-01T12:00:00Z' } },
      { options: { sendAt: '2030-01-01T14:00:00+02:00' } },
    ],
  ] as const) {
    it(what, () => {
      assert.deepEqual(differing(first, repeat), []);
      assert.deepEqual(differing(repeat, first), []);
    });
  }
});

describe('two jobs for different sends', () => {
  const option = (options: SmsOptions) => ({ options });
  for (const [first, repeat, names] of [
    [{}, { message: 'Bonjour ' }, ['message']],
    [{}, { recipientPhone: '+33639980002' }, ['recipientPhone']],
    [{}, { accountId: '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4f' }, ['accountId']],
    [{ metadata: { leadId: 'l' } }, {}, ['metadata.leadId']],
    [{ metadata: { leadId: 'l' } }, { metadata: { adId: 'l' } }, ['metadata.adId', 'metadata.leadId']],
    [{}, option({ onUnknown: 'hold' }), ['options.onUnknown']],
    [option({ maxResends: 0 }), {}, ['options.maxResends']],
    [option({ unknownChecksMs: [1, 2] }), option({ unknownChecksMs: [2] }), ['options.unknownChecksMs']],
    [{}, option({ sendAt: '2030-01-01T12:00:00Z' }), ['options.sendAt']],
    [
      option({ sendAt: '2030-01-01T12:00:00Z' }),
      option({ sendAt: '2030-01-01T12:00:01Z' }),
      ['options.sendAt'],
    ],
    [option({ simSlot: 1 }), option({ simSlot: 2 }), ['options.simSlot']],
    [{}, option({ sendingPhoneId: 'p' }), ['options.sendingPhoneId']],
    [{ message: 'a' }, { message: 'b', options: { simSlot: 1 } }, ['message', 'options.simSlot']],
  ] as const) {
    it(`differ in ${names.join(', ')}: ${JSON.stringify([first, repeat])}`, () => {
      assert.deepEqual(differing(first, repeat), names);
      assert.deepEqual(differing(repeat, first), names);
    });
  }
});
