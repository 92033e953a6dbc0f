import assert from 'node:assert/strict';
import { SmsError } from '../../src/domain/errors.js';
import { createSendingHours } from '../../src/policies/sending-hours.js';
import {
  DEFAULT_SENDING_POLICY,
  readSendingPolicy,
  type SendingPolicy,
} from '../../src/policies/sending-policy.js';

describe('a sending policy', () => {
  it('is the default where nothing is set', () => {
    assert.deepEqual(readSendingPolicy(), DEFAULT_SENDING_POLICY);
    assert.equal(readSendingPolicy({ perDay: 50 }).perDay, 50);
    assert.equal(readSendingPolicy({ perDay: 50 }).timeZone, 'Europe/Paris');
  });

  it('takes times of day as PostgreSQL writes them', () => {
    const policy = readSendingPolicy({ opensAt: '00:00:00', closesAt: '24:00:00' });
    assert.deepEqual([policy.opensAt, policy.closesAt], ['00:00', '24:00']);
  });

  const wrong: readonly [string, Record<string, unknown>, RegExp][] = [
    ['a zone that does not exist', { timeZone: 'Europe/Pari' }, /timeZone must be .* such as Europe\/Paris/],
    ['no zone', { timeZone: '' }, /timeZone/],
    ['a zone with a space', { timeZone: 'Europe/Paris ' }, /timeZone/],
    ['a fixed offset, which knows no change of the clocks', { timeZone: '+01:00' }, /timeZone/],
    ['a zone that is null', { timeZone: null }, /timeZone/],
    ['no day', { days: [] }, /days must name at least one day/],
    ['day 0', { days: [0, 1] }, /days .* from 1 \(Monday\) to 7 \(Sunday\)/],
    ['day 8', { days: [8] }, /days/],
    ['half a day', { days: [1.5] }, /days/],
    ['a day as text', { days: ['1'] }, /days/],
    ['days as text', { days: '1-6' }, /days/],
    ['25:00', { opensAt: '25:00' }, /opensAt must be a time from 00:00 to 23:59/],
    ['a time without a zero', { opensAt: '8:30' }, /opensAt/],
    ['a time with seconds', { opensAt: '08:30:30' }, /opensAt/],
    ['an opening at the end of the day', { opensAt: '24:00' }, /opensAt/],
    ['a closing after it', { closesAt: '24:01' }, /closesAt must be a time from 00:00 to 24:00/],
    ['a time that is missing', { closesAt: null }, /closesAt/],
    ['a window without an end', { opensAt: '08:00', closesAt: '08:00' }, /write 00:00 and 24:00/],
    ['a window of 15 minutes', { opensAt: '08:00', closesAt: '08:15' }, /longer than 15 minutes/],
    ['one of 15 minutes past midnight', { opensAt: '23:50', closesAt: '00:05' }, /longer than 15 minutes/],
    ['another calendar', { holidays: 'DE' }, /holidays must be FR, FR-57 or none/],
    ['a country in small letters', { region: 'fr' }, /region must be a country as two capital letters/],
    ['no request a minute', { perMinute: 0 }, /perMinute must be a whole number, and at least 1/],
    ['too many a minute', { perMinute: 60_001 }, /perMinute must be at most 60000/],
    ['a fraction of a segment', { segmentsPerMinute: 1.5 }, /segmentsPerMinute/],
    ['a limit that is not a number', { perHour: NaN }, /perHour/],
    ['an endless limit', { perDay: Infinity }, /perDay/],
    ['a limit as text', { newRecipientsPer30Days: '200' }, /newRecipientsPer30Days/],
  ];
  for (const [name, values, message] of wrong)
    it(`is refused with ${name}`, () => {
      const isClear = (error: unknown) => {
        assert.ok(error instanceof SmsError);
        assert.equal(error.code, 'VALIDATION_FAILED');
        assert.match(error.message, message);
        return true;
      };
      const policy = Object.assign({}, DEFAULT_SENDING_POLICY, values) as SendingPolicy;
      assert.throws(() => readSendingPolicy(values), isClear);
      assert.throws(() => createSendingHours(policy, '+33639980001'), isClear);
    });

  it('says of the job’s own zone that it does not exist, without quoting it', () => {
    assert.throws(
      () => createSendingHours(DEFAULT_SENDING_POLICY, '+33639980001', { timeZone: 'secret' }),
      (error: unknown) =>
        error instanceof SmsError &&
        error.code === 'VALIDATION_FAILED' &&
        error.message.startsWith('options.timeZone must be') &&
        !error.message.includes('secret'),
    );
  });
});
