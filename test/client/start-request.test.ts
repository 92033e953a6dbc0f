import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import { SmsError } from '../../src/domain/errors.js';
import { toStartRequest, type SendOptions } from '../../src/client/start-request.js';

const ACCOUNT = '6f1c1f3e-8c1b-4f5e-9d0a-3b8f5f1c2d4e';
const NOW_MS = Date.parse('2030-01-01T12:00:00Z');
const job = (changes: Record<string, unknown> = {}) => ({
  recipientPhone: '06 39 98 00 01',
  message: 'Bonjour',
  accountId: ACCOUNT,
  ...changes,
});
const start = (input: unknown, options: SendOptions = {}) =>
  toStartRequest(input, options, { defaultRegion: 'FR', recipientKey: () => 'digest', nowMs: NOW_MS });
const failsWith = (code: string, message: RegExp, run: () => unknown) => {
  assert.throws(
    run,
    (error) => error instanceof SmsError && error.code === code && message.test(error.message),
  );
};

describe('a start request', () => {
  for (const [typed, region, e164] of [
    ['0639980001', undefined, '+33639980001'],
    ['06.39.98.00.01', undefined, '+33639980001'],
    ['0033 6 39 98 00 01', undefined, '+33639980001'],
    ['+33 (0)6 39 98 00 01', undefined, '+33639980001'],
    ['+41 79 123 45 67', undefined, '+41791234567'],
    ['079 123 45 67', 'CH', '+41791234567'],
    ['07911 123456', 'GB', '+447911123456'],
  ] as const) {
    it(`reads ${typed}${region === undefined ? '' : ` in ${region}`} as ${e164}`, () => {
      const options = region === undefined ? {} : { defaultRegion: region };
      assert.equal(start(job({ recipientPhone: typed }), options).job.recipientPhone, e164);
    });
  }

  for (const typed of [
    '',
    '12',
    '06 39 98 00',
    'call 0639980001',
    '0639980001 ext. 5',
    '+999 123456789',
    '🙂',
  ]) {
    it(`takes ${JSON.stringify(typed)} for an invalid number, and does not repeat it`, () => {
      const readError = () => {
        try {
          return start(job({ recipientPhone: typed }));
        } catch (error) {
          return error;
        }
      };
      const error = readError();
      assert.ok(error instanceof SmsError);
      assert.equal(error.code, 'PHONE_NUMBER_INVALID');
      if (typed !== '') assert.ok(!error.message.includes(typed));
    });
  }

  it('refuses unknown fields', () => {
    failsWith('VALIDATION_FAILED', /recipient_phone/, () =>
      start({ ...job(), recipient_phone: '+33639980001' }),
    );
    failsWith('VALIDATION_FAILED', /options.*onUnkown/, () => start(job({ options: { onUnkown: 'hold' } })));
    failsWith('VALIDATION_FAILED', /must be an object/, () => start('06 39 98 00 01'));
  });

  it('gives the same id to the same account and key', () => {
    const { workflowId } = start(job({ accountId: ACCOUNT.toUpperCase() }), { idempotencyKey: 'lead-42' });
    assert.equal(workflowId, `sms-${ACCOUNT}-lead-42`);
  });

  for (const key of ['', 'a b', 'clé', 'x'.repeat(201), 'a/b']) {
    it(`refuses the idempotency key ${JSON.stringify(key.slice(0, 12))}`, () => {
      failsWith('VALIDATION_FAILED', /idempotencyKey/, () => start(job(), { idempotencyKey: key }));
    });
  }

  for (const key of ['33639980001', 'lead-0639980001', '06.39.98.00.01', '6-39-98-00-01:a']) {
    it(`refuses ${key}, which holds the recipient's number`, () => {
      failsWith('VALIDATION_FAILED', /must not contain the phone number/, () =>
        start(job(), { idempotencyKey: key }),
      );
    });
  }

  for (const key of ['lead-42-retry-1', 'lead-42-retry-999999', '-retry-7', 'retry-1']) {
    it(`refuses ${key}, which makes the workflow id look like a retry’s id`, () => {
      failsWith('VALIDATION_FAILED', /must not end with "-retry-" and a number/, () =>
        start(job(), { idempotencyKey: key }),
      );
    });
  }

  for (const key of [
    'lead-42-retry',
    'lead-42-retry-',
    'lead-42-retry-0',
    'lead-42-retry-1-a',
    'lead-retry-b',
  ]) {
    it(`accepts ${key}, which does not look like a retry`, () => {
      assert.equal(start(job(), { idempotencyKey: key }).workflowId, `sms-${ACCOUNT}-${key}`);
    });
  }

  it('delays a start to sendAt, and lets the message expire 24 h after it', () => {
    const request = start(job(), { sendAt: '2030-01-02T12:00:00+02:00' });
    assert.equal(request.startDelayMs, 22 * 3_600_000);
    assert.equal(request.job.options?.expiresAt, '2030-01-03T10:00:00.000Z');
    assert.equal(start(job(), { sendAt: new Date(NOW_MS - 1000) }).startDelayMs, 0);
  });

  it('passes the time on in the job, whichever way it is given', () => {
    const sendAt = '2030-01-02T10:00:00.000Z';
    const options = { sendAt, expiresAt: '2030-01-03T10:00:00.000Z' };
    for (const request of [
      start(job(), { sendAt: '2030-01-02T12:00:00+02:00' }),
      start(job(), { sendAt: new Date(sendAt) }),
      start(job({ options: { sendAt: '2030-01-02T12:00:00+02:00' } })),
      start(job({ options: { sendAt } }), { sendAt: new Date(sendAt) }),
    ]) {
      assert.deepEqual(request.job.options, options);
      assert.equal(request.startDelayMs, 22 * 3_600_000);
    }
    // A request repeated later repeats the same job.
    const past = '2029-12-31T12:00:00.000Z';
    assert.equal(start(job(), { sendAt: past }).job.options?.sendAt, past);
    assert.equal(start(job()).job.options, undefined);
  });

  it('refuses two different times, and an invalid time or one past the expiry in the job', () => {
    const sendAt = '2030-01-02T10:00:00Z';
    failsWith('VALIDATION_FAILED', /sendAt.*differ/, () =>
      start(job({ options: { sendAt } }), { sendAt: '2030-01-02T10:00:01Z' }),
    );
    for (const wrong of ['tomorrow', '2030-02-30T10:00:00Z', 7, null]) {
      failsWith('VALIDATION_FAILED', /options\.sendAt/, () => start(job({ options: { sendAt: wrong } })));
    }
    failsWith('VALIDATION_FAILED', /expiresAt must be later than sendAt/, () =>
      start(job({ options: { sendAt, expiresAt: sendAt } })),
    );
    failsWith('VALIDATION_FAILED', /within a year/, () =>
      start(job({ options: { sendAt: '2031-01-02T10:00:00Z' } })),
    );
  });

  it('refuses an invalid expiry', () => {
    for (const expiresAt of [
      '2030-02-30T12:00:00Z',
      '2030-01-02T24:00:00Z',
      '2030-01-02T12:00:00',
      '0000-01-01T00:00:00Z',
    ]) {
      failsWith('VALIDATION_FAILED', /options.expiresAt: must be a time in ISO 8601/, () =>
        start(job({ options: { expiresAt } })),
      );
    }
  });

  it('accepts a Date of another realm', () => {
    const sendAt = runInNewContext('new Date(Date.UTC(2030, 0, 2, 12))') as Date;
    assert.equal(start(job(), { sendAt }).startDelayMs, 24 * 3_600_000);
  });

  it('keeps a given expiry, and refuses one that is not after sendAt', () => {
    const sendAt = '2030-01-02T12:00:00Z';
    const expiring = (expiresAt: string) => start(job({ options: { expiresAt } }), { sendAt });
    assert.equal(expiring('2030-01-02T12:30:00Z').job.options?.expiresAt, '2030-01-02T12:30:00Z');
    failsWith('VALIDATION_FAILED', /expiresAt must be later than sendAt/, () => expiring(sendAt));
  });

  it('refuses an invalid sendAt', () => {
    for (const sendAt of [
      'tomorrow',
      '2030-01-02',
      '2030-01-02T12:00:00',
      '',
      new Date(Number.NaN),
      new Date(-1),
      '2030-02-30T12:00:00Z',
      '2030-01-02T24:00:00Z',
      '2030-01-02T12:00:60Z',
      '2030-01-02T12:00:00+15:00',
      '0000-01-01T00:00:00Z',
      '1969-12-31T23:59:59Z',
      null,
      1_900_000_000_000,
      {},
    ]) {
      failsWith('VALIDATION_FAILED', /sendAt must be a valid Date or a time in ISO 8601/, () =>
        start(job(), { sendAt: sendAt as string }),
      );
    }
  });

  it('limits how far ahead a send may be scheduled, and how long it may wait', () => {
    failsWith('VALIDATION_FAILED', /within a year/, () => start(job(), { sendAt: '9999-12-31T23:00:00Z' }));
    failsWith('VALIDATION_FAILED', /sendAt must/, () => start(job(), { sendAt: new Date(8.64e15) }));
    const expiresAt = '2030-03-01T00:00:00Z';
    failsWith('VALIDATION_FAILED', /within 30 days/, () => start(job({ options: { expiresAt } })));
    assert.equal(
      start(job({ options: { expiresAt } }), { sendAt: '2030-02-20T00:00:00Z' }).job.options?.expiresAt,
      expiresAt,
    );
  });

  it('refuses ids that contain the number, as they are stored in clear', () => {
    for (const leadId of ['0639980001', '+33639980001'.slice(1), 'lead-06.39.98.00.01']) {
      failsWith('VALIDATION_FAILED', /metadata.leadId: must not contain the phone number/, () =>
        start(job({ metadata: { leadId } })),
      );
    }
  });

  it('puts only ids into memo and search attributes', () => {
    const request = start(job({ metadata: { huntId: 'h', adId: 'a', leadId: 'l' } }));
    assert.deepEqual(request.memo, { huntId: 'h', adId: 'a', leadId: 'l', accountId: ACCOUNT });
    const attributes = Object.fromEntries(
      request.searchAttributes.map(({ key, value }) => [key.name, value]),
    );
    assert.deepEqual(attributes, {
      SmsAccountId: ACCOUNT,
      SmsHuntId: 'h',
      SmsAdId: 'a',
      SmsLeadId: 'l',
      SmsRecipientKey: 'digest',
    });
  });
});
