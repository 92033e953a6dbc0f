import assert from 'node:assert/strict';
import { getCountries } from 'libphonenumber-js/max';
import { recipientTimeZones } from '../../src/policies/recipient-time-zones.js';
import { createSendingHours } from '../../src/policies/sending-hours.js';
import { DEFAULT_SENDING_POLICY, type SendingPolicy } from '../../src/policies/sending-policy.js';
import { isTimeZone } from '../../src/policies/zone-clock.js';
import { getCountry } from 'countries-and-timezones';

/** What the clocks of the zones say at noon UTC of a day in winter. */
function clocks(phone: string, policy: SendingPolicy = DEFAULT_SENDING_POLICY): string[] {
  return [...new Set(recipientTimeZones(phone, policy).map(timeAtNoon))].sort();
}

function timeAtNoon(timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(
    Date.UTC(2026, 0, 15, 12),
  );
}

function policyWith(values: Partial<SendingPolicy>): SendingPolicy {
  return Object.assign({}, DEFAULT_SENDING_POLICY, values);
}

describe('the time zones of a recipient', () => {
  const table: readonly [string, string, readonly string[]][] = [
    ['France', '+33612345678', ['13:00']],
    ['the French range for fiction', '+33639980123', ['13:00']],
    ['Réunion', '+262692123456', ['16:00']],
    ['Mayotte or Réunion, which its digits leave open', '+262639123456', ['15:00', '16:00']],
    ['Guadeloupe', '+590690123456', ['08:00']],
    ['Guyane', '+594694123456', ['09:00']],
    ['Martinique', '+596696123456', ['08:00']],
    ['Saint Pierre and Miquelon', '+508551234', ['09:00']],
    ['New Caledonia', '+687751234', ['23:00']],
    ['French Polynesia, which has three', '+68987123456', ['02:00', '02:30', '03:00']],
    ['Germany', '+4915112345678', ['13:00']],
    ['Spain with the Canaries', '+34612345678', ['12:00', '13:00']],
    ['Kosovo', '+38343123456', ['13:00']],
    ['Kazakhstan, whose code is Russia’s', '+77011234567', ['17:00']],
    ['a British range for fiction', '+447700900123', ['12:00']],
    ['a satellite phone, which has no country', '+881612345678', ['13:00']],
    ['a code that no country has', '+999123456789', ['13:00']],
    ['what is not a number', 'nobody', ['13:00']],
  ];
  for (const [name, phone, expected] of table)
    it(`follow from the number: ${name}`, () => {
      assert.deepEqual(clocks(phone), expected);
    });

  it('are all that the USA have, from New York to Honolulu', () => {
    assert.deepEqual(clocks('+12125551234'), ['02:00', '03:00', '04:00', '05:00', '06:00', '07:00']);
  });

  it('are all that Canada has, for a number of Toronto', () => {
    assert.deepEqual(clocks('+14165550123').at(-1), '08:30');
  });

  it('are the policy’s own at home, where the country has several', () => {
    const policy = policyWith({ region: 'US', timeZone: 'America/Chicago' });
    assert.deepEqual(recipientTimeZones('+12125551234', policy), ['America/Chicago']);
    assert.deepEqual(
      recipientTimeZones('+12125551234', policyWith({ region: 'US', timeZone: 'US/Eastern' })),
      ['US/Eastern'],
    );
  });

  it('are the country’s at home, if the policy’s is in another country', () => {
    assert.deepEqual(clocks('+12125551234', policyWith({ region: 'US' })).length, 6);
    assert.deepEqual(clocks('+33612345678', policyWith({ timeZone: 'Asia/Tokyo' })), ['13:00']);
  });

  it('are the policy’s for an unknown country only', () => {
    const policy = policyWith({ region: 'RE', timeZone: 'Indian/Reunion' });
    assert.deepEqual(recipientTimeZones('+262692123456', policy), ['Indian/Reunion']);
    assert.deepEqual(clocks('+881612345678', policy), ['16:00']);
    assert.deepEqual(clocks('+33612345678', policy), ['13:00']);
  });

  it('are known for every country that has numbers', () => {
    const without = getCountries().filter(
      (country) => !getCountry(country)?.timezones.some(isTimeZone) && !['AC', 'TA', 'XK'].includes(country),
    );
    assert.deepEqual(without, []);
  });

  it('give way to the zone that the job names', () => {
    const hours = createSendingHours(DEFAULT_SENDING_POLICY, '+12125551234', { timeZone: 'Asia/Tokyo' });
    assert.deepEqual(hours.timeZones, ['Asia/Tokyo']);
  });
});
