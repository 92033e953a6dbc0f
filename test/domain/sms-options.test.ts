import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { SmsOptions } from '../../src/domain/sms-job.js';
import { MAX_MESSAGE_LENGTH, readCorrelationIds } from '../../src/domain/sms-job-schema.js';
import { SmsError } from '../../src/domain/errors.js';
import { validateSmsJob } from '../../src/domain/validate-sms-job.js';

const JOB = {
  recipientPhone: '+33639980001',
  message: 'Bonjour',
  accountId: '6f1c1f0e-2b1b-4a58-9d0a-0a6a6a1f0c11',
};

/** Each option with values that are just inside and just outside of its limits. */
const LIMITS: {
  [Option in keyof SmsOptions]-?: { taken: NonNullable<SmsOptions[Option]>[]; refused: unknown[] };
} = {
  onUnknown: { taken: ['resend', 'hold', 'fail'], refused: ['', 'Resend', 'retry', null, 1] },
  maxResends: { taken: [0, 1, 5], refused: [-1, 6, 1.5, '1', null, Infinity, NaN] },
  unknownChecksMs: {
    taken: [[1], [1, 2, 3], [10_000, 30_000, 120_000, 300_000], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    refused: [[], [0], [-1], [2, 1], [1, 1], [1.5], ['1'], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 1, null],
  },
  follow: { taken: [true, false], refused: [0, 1, 'true', '', null] },
  followChecksMs: {
    taken: [[1], [1, 2, 3], [604_800_000], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    refused: [[], [0], [-1], [2, 1], [1, 1], [1.5], ['1'], [604_800_001], [...Array(11).keys()], 1, null],
  },
  sendAt: {
    taken: ['2029-12-31T23:00:00Z', '2029-12-31T23:00:00.5Z', '2030-01-01T01:00:00+02:00'],
    refused: ['', '2029-12-31', '2029-12-31T23:00:00', '2030-02-30T00:00:00Z', 'at once', 1_900_000_000_000],
  },
  expiresAt: {
    taken: ['2030-01-01T00:00:00Z', '2030-01-01T00:00:00.123Z', '2030-01-01T02:00:00+02:00'],
    refused: ['', '2030-01-01', '2030-01-01T00:00:00', '2030-02-30T00:00:00Z', 'tomorrow', 1_900_000_000_000],
  },
  sendingPhoneId: { taken: ['p', 'phone-1', 'x'.repeat(128)], refused: ['', 'a b', 'é', 'x'.repeat(129), 1] },
  simSlot: { taken: [1, 2], refused: [0, 3, '1', 1.5, null] },
  purpose: { taken: ['transactional', 'marketing'], refused: ['', 'Marketing', 'ads', null, 1] },
  timeZone: {
    taken: ['Europe/Paris', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+12'],
    refused: ['', 'Europe/', ' Europe/Paris', '+02:00', '../etc', 'a/b/c/d', 'x'.repeat(65), null, 1],
  },
  allowAnyNumber: { taken: [true, false], refused: [0, 1, 'true', '', null] },
};

describe('the options of a job', () => {
  for (const [option, { taken, refused }] of Object.entries(LIMITS)) {
    for (const value of taken) {
      it(`take ${option} ${abridge(value)}`, () => {
        const job = { ...JOB, options: { [option]: value } };
        assert.deepEqual(validateSmsJob(job, 'refuse'), job);
      });
    }
    for (const value of refused) {
      it(`refuse ${option} ${abridge(value)}, naming it`, () => {
        assert.throws(
          () => validateSmsJob({ ...JOB, options: { [option]: value } }, 'ignore'),
          (error) =>
            error instanceof SmsError &&
            error.code === 'VALIDATION_FAILED' &&
            error.message.includes(`options.${option}`),
        );
      });
    }
  }
});

describe('the fields of a job', () => {
  for (const message of ['x', ' x ', '👍', 'x'.repeat(MAX_MESSAGE_LENGTH)]) {
    it(`take the message ${abridge(message)} as it is`, () => {
      assert.equal(validateSmsJob({ ...JOB, message }, 'refuse').message, message);
    });
  }

  for (const recipientPhone of ['+1234567', '+123456789012345', '+33639980001']) {
    it(`take the recipient ${recipientPhone}`, () => {
      assert.equal(validateSmsJob({ ...JOB, recipientPhone }, 'refuse').recipientPhone, recipientPhone);
    });
  }

  for (const huntId of ['a', 'x'.repeat(128), 'A-z0.9_:']) {
    it(`take the hunt id ${abridge(huntId)}`, () => {
      assert.deepEqual(validateSmsJob({ ...JOB, metadata: { huntId } }, 'refuse').metadata, { huntId });
    });
  }

  for (const huntId of ['x'.repeat(129), 'a/b', 'é', 'a\n', '+33639980001', 'a@b']) {
    it(`refuse the hunt id ${abridge(huntId)}`, () => {
      assert.throws(() => validateSmsJob({ ...JOB, metadata: { huntId } }, 'ignore'), SmsError);
    });
  }
});

describe('readCorrelationIds', () => {
  it('reads all ids of a job', () => {
    const ids = { huntId: 'h', adId: 'a', leadId: 'l' };
    assert.deepEqual(readCorrelationIds({ ...JOB, metadata: ids }), { ...ids, accountId: JOB.accountId });
  });

  it('leaves out each id that is not well-formed, also of a job that is not valid', () => {
    const metadata = { huntId: 'Jean Dupont', adId: 'ad-1', leadId: { $ne: 1 } };
    assert.deepEqual(readCorrelationIds({ accountId: 'none', metadata }), { adId: 'ad-1' });
  });

  for (const input of [undefined, null, 'text', 7, [], {}, { metadata: null }, { metadata: 'x' }]) {
    it(`reads nothing from ${inspect(input)}`, () => {
      assert.deepEqual(readCorrelationIds(input), {});
    });
  }
});

function abridge(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 50 ? `${text.slice(0, 20)}… (${text.length} characters)` : text;
}
