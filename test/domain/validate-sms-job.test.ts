import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { SmsError, type SmsErrorCode } from '../../src/domain/errors.js';
import { MAX_MESSAGE_LENGTH } from '../../src/domain/sms-job-schema.js';
import { validateSmsJob } from '../../src/domain/validate-sms-job.js';

const JOB = {
  recipientPhone: '+33639980001',
  message: 'Bonjour',
  accountId: '6f1c1f0e-2b1b-4a58-9d0a-0a6a6a1f0c11',
};

type UnknownFields = Parameters<typeof validateSmsJob>[1];

function errorOf(input: unknown, unknownFields: UnknownFields = 'ignore'): SmsError {
  try {
    validateSmsJob(input, unknownFields);
  } catch (error) {
    assert.ok(error instanceof SmsError, `not an SmsError: ${String(error)}`);
    return error;
  }
  assert.fail('the job was taken');
}

/** What is wrong, the job, its code, and the fields that the message has to name. */
const REFUSED: [string, unknown, SmsErrorCode, string[]][] = [
  ['a missing recipient', { ...JOB, recipientPhone: undefined }, 'PHONE_NUMBER_INVALID', ['recipientPhone']],
  ['a null recipient', { ...JOB, recipientPhone: null }, 'PHONE_NUMBER_INVALID', ['recipientPhone']],
  ['an empty recipient', { ...JOB, recipientPhone: '' }, 'PHONE_NUMBER_INVALID', ['recipientPhone']],
  ['a national number', { ...JOB, recipientPhone: '0639980001' }, 'PHONE_NUMBER_INVALID', ['recipientPhone']],
  [
    'a number with spaces',
    { ...JOB, recipientPhone: '+33 6 39 98 00 01' },
    'PHONE_NUMBER_INVALID',
    ['recipientPhone'],
  ],
  [
    'a number with a line end',
    { ...JOB, recipientPhone: '+33639980001\n' },
    'PHONE_NUMBER_INVALID',
    ['recipientPhone'],
  ],
  ['a country code 0', { ...JOB, recipientPhone: '+0339980001' }, 'PHONE_NUMBER_INVALID', ['recipientPhone']],
  ['6 digits', { ...JOB, recipientPhone: '+336399' }, 'PHONE_NUMBER_INVALID', ['recipientPhone']],
  ['16 digits', { ...JOB, recipientPhone: '+3363998000112345' }, 'PHONE_NUMBER_INVALID', ['recipientPhone']],
  ['a recipient that is a number', { ...JOB, recipientPhone: 336 }, 'VALIDATION_FAILED', ['recipientPhone']],
  ['a missing message', { ...JOB, message: undefined }, 'MESSAGE_REQUIRED', ['message']],
  ['a null message', { ...JOB, message: null }, 'MESSAGE_REQUIRED', ['message']],
  ['an empty message', { ...JOB, message: '' }, 'MESSAGE_REQUIRED', ['message']],
  ['a blank message', { ...JOB, message: ' \n\t\u00a0' }, 'MESSAGE_REQUIRED', ['message']],
  ['a message that is an object', { ...JOB, message: {} }, 'VALIDATION_FAILED', ['message']],
  [
    'a message that is too long',
    { ...JOB, message: 'x'.repeat(MAX_MESSAGE_LENGTH + 1) },
    'VALIDATION_FAILED',
    ['message'],
  ],
  ['a missing account', { ...JOB, accountId: undefined }, 'VALIDATION_FAILED', ['accountId']],
  ['an account that is not a UUID', { ...JOB, accountId: 'me' }, 'VALIDATION_FAILED', ['accountId']],
  [
    'recipient and message together',
    { ...JOB, recipientPhone: '06', message: '' },
    'VALIDATION_FAILED',
    ['recipientPhone', 'message'],
  ],
  ['nothing at all', {}, 'VALIDATION_FAILED', ['recipientPhone', 'message', 'accountId']],
  ['an id with a space', { ...JOB, metadata: { huntId: 'a b' } }, 'VALIDATION_FAILED', ['metadata.huntId']],
  ['an empty id', { ...JOB, metadata: { adId: '' } }, 'VALIDATION_FAILED', ['metadata.adId']],
  ['an id of a wrong type', { ...JOB, metadata: { leadId: 7 } }, 'VALIDATION_FAILED', ['metadata.leadId']],
  ['metadata that are a list', { ...JOB, metadata: [] }, 'VALIDATION_FAILED', ['metadata']],
  ['options that are null', { ...JOB, options: null }, 'VALIDATION_FAILED', ['options']],
  [
    'a bad recipient in bad options too',
    { ...JOB, recipientPhone: 'x', options: { simSlot: 3 } },
    'VALIDATION_FAILED',
    ['recipientPhone', 'options.simSlot'],
  ],
];

describe('validateSmsJob', () => {
  for (const [what, job, code, fields] of REFUSED) {
    it(`refuses ${what} as ${code}`, () => {
      for (const unknownFields of ['ignore', 'refuse'] as const) {
        const { code: actual, message } = errorOf(job, unknownFields);
        assert.equal(actual, code);
        for (const field of fields) assert.ok(message.includes(`${field}:`), `${message} names ${field}`);
      }
    });
  }

  for (const input of [undefined, null, 'job', 7, true, [], [JOB]]) {
    it(`refuses ${inspect(input)} as VALIDATION_FAILED`, () => {
      assert.equal(errorOf(input).code, 'VALIDATION_FAILED');
    });
  }

  it('returns a job with every field', () => {
    const job = {
      ...JOB,
      metadata: { huntId: 'hunt-1', adId: 'ad.2', leadId: 'lead:3_x' },
      options: {
        onUnknown: 'hold',
        maxResends: 0,
        unknownChecksMs: [1, 2],
        expiresAt: '2030-01-01T00:00:00Z',
        sendingPhoneId: 'phone-1',
        simSlot: 2,
      },
    };
    assert.deepEqual(validateSmsJob(job, 'refuse'), job);
    assert.deepEqual(validateSmsJob(job, 'ignore'), job);
  });

  const UNKNOWN = { ...JOB, colour: 1, metadata: { huntId: 'h', size: 2 }, options: { maxResend: 3 } };

  it('drops unknown fields in lenient mode', () => {
    assert.deepEqual(validateSmsJob(UNKNOWN, 'ignore'), { ...JOB, metadata: { huntId: 'h' }, options: {} });
  });

  it('refuses unknown fields in strict mode, and names them', () => {
    const { code, message } = errorOf(UNKNOWN, 'refuse');
    assert.equal(code, 'VALIDATION_FAILED');
    assert.match(message, /the job has unknown fields \(colour\)/);
    assert.match(message, /metadata has unknown fields \(size\)/);
    assert.match(message, /options has unknown fields \(maxResend\)/);
  });

  it('does not repeat an unknown name that may be a number', () => {
    const { message } = errorOf({ ...JOB, '+33639980001': 1, tel0639980001: 2 }, 'refuse');
    assert.ok(!/\d{4}/.test(message), message);
  });

  const SECRET = 'SeCrEt';
  const MARKED_NUMBER = 7_236_451;
  /** Values that can be found again: a text with a mark, in place of any field. */
  const marked = fc
    .tuple(fc.string(), fc.string())
    .map(([left, right]) => `${left}${SECRET}${right}`)
    .filter((text) => !/^[\x21-\x7e]{1,128}$/.test(text));
  const value = fc.oneof(
    fc.jsonValue(),
    marked,
    fc.array(marked),
    fc.constant(MARKED_NUMBER),
    fc.record({ [`${SECRET}1`]: marked }),
  );
  const shape = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model, { requiredKeys: [] });
  const jobs = shape({
    recipientPhone: fc.oneof(fc.constant(JOB.recipientPhone), value),
    message: fc.oneof(fc.constant(JOB.message), value),
    accountId: fc.oneof(fc.constant(JOB.accountId), value),
    metadata: fc.oneof(value, shape({ huntId: value, adId: value, leadId: value, other: value })),
    options: fc.oneof(
      value,
      shape({
        onUnknown: value,
        maxResends: value,
        unknownChecksMs: value,
        expiresAt: value,
        sendingPhoneId: value,
        simSlot: value,
      }),
    ),
    other: value,
  });

  it('yields a valid job or one of three codes for any JSON, with no value in the message', () => {
    fc.assert(
      fc.property(
        fc.oneof(jobs, fc.jsonValue()),
        fc.constantFrom<UnknownFields[]>('ignore', 'refuse'),
        (input, mode) => {
          try {
            const job = validateSmsJob(input, mode);
            assert.deepEqual(validateSmsJob(job, 'refuse'), job);
          } catch (error) {
            assert.ok(error instanceof SmsError, String(error));
            assert.ok(['VALIDATION_FAILED', 'PHONE_NUMBER_INVALID', 'MESSAGE_REQUIRED'].includes(error.code));
            assert.ok(!error.message.includes(SECRET), error.message);
            assert.ok(!error.message.includes(String(MARKED_NUMBER)), error.message);
            assert.equal(error.cause, undefined);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
