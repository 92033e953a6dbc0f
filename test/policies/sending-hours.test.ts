import assert from 'node:assert/strict';
import { DateTime } from 'luxon';
import { createSendingHours, type SendingHours } from '../../src/policies/sending-hours.js';
import { DEFAULT_SENDING_POLICY, type SendingPolicy } from '../../src/policies/sending-policy.js';

const PARIS = '+33639980001';

function hoursWith(values: Partial<SendingPolicy> = {}, timeZone?: string): SendingHours {
  return createSendingHours(Object.assign({}, DEFAULT_SENDING_POLICY, values), PARIS, { timeZone });
}

/** A local time as a moment; `second` names the later one of two that the clocks show. */
function at(local: string, zone = 'Europe/Paris'): number {
  return DateTime.fromISO(local, { zone }).toMillis();
}

function opening(hours: SendingHours, local: string, zone = 'Europe/Paris'): string | undefined {
  const ms = hours.nextOpening(at(local, zone));
  return ms === undefined ? undefined : DateTime.fromMillis(ms, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");
}

describe('the sending hours', () => {
  const table: readonly [string, string, string][] = [
    ['a Saturday at 21:00', '2026-03-21T21:00', '2026-03-23T08:30'],
    ['the night when the clocks go forward', '2026-03-28T21:00', '2026-03-30T08:30'],
    ['the night when they go back', '2026-10-24T21:00', '2026-10-26T08:30'],
    ['the weekend of Easter', '2026-04-04T21:00', '2026-04-07T08:30'],
    ['the weekend of Whitsun', '2026-05-23T21:00', '2026-05-26T08:30'],
    ['an evening before Ascension Day', '2026-05-13T20:00', '2026-05-15T08:30'],
    ['a Sunday', '2026-03-22T12:00', '2026-03-23T08:30'],
    ['the morning', '2026-03-23T06:00', '2026-03-23T08:30'],
    ['Christmas, before a Saturday', '2026-12-25T10:00', '2026-12-26T08:30'],
    ['the end of the year', '2026-12-31T19:45', '2027-01-02T08:30'],
    ['within the hours', '2026-03-23T12:34', '2026-03-23T12:34'],
  ];
  for (const [name, from, expected] of table)
    it(`open next, from ${name}`, () => {
      assert.equal(opening(hoursWith(), from), expected);
    });

  it('close 15 minutes early, to the millisecond', () => {
    const closing = at('2026-03-23T19:45');
    assert.equal(hoursWith().isOpen(closing - 1), true);
    assert.equal(hoursWith().isOpen(closing), false);
    assert.equal(hoursWith().nextOpening(closing - 1), closing - 1);
    assert.equal(hoursWith().nextOpening(closing), at('2026-03-24T08:30'));
    assert.equal(hoursWith().isOpen(at('2026-03-23T08:30') - 1), false);
    assert.equal(hoursWith().isOpen(at('2026-03-23T08:30')), true);
  });

  it('keep Good Friday and 26 December in Alsace-Moselle only', () => {
    assert.equal(opening(hoursWith({ holidays: 'FR-57' }), '2026-04-03T10:00'), '2026-04-04T08:30');
    assert.equal(opening(hoursWith(), '2026-04-03T10:00'), '2026-04-03T10:00');
    assert.equal(opening(hoursWith({ holidays: 'FR-57' }), '2026-12-25T10:00'), '2026-12-28T08:30');
    assert.equal(opening(hoursWith({ holidays: 'none' }), '2026-12-25T10:00'), '2026-12-25T10:00');
  });

  describe('of a window past midnight', () => {
    const night = { opensAt: '20:00', closesAt: '02:00' };

    it('belong to the day on which it opens', () => {
      assert.equal(opening(hoursWith(night), '2026-03-21T23:00'), '2026-03-21T23:00');
      assert.equal(
        opening(hoursWith(night), '2026-03-22T01:44'),
        '2026-03-22T01:44',
        'Saturday’s, on Sunday',
      );
      assert.equal(opening(hoursWith(night), '2026-03-22T01:45'), '2026-03-23T20:00');
      assert.equal(opening(hoursWith(night), '2026-03-23T01:00'), '2026-03-23T20:00', 'Sunday has none');
    });

    it('ask for the holidays of that day', () => {
      assert.equal(opening(hoursWith(night), '2026-12-25T01:00'), '2026-12-25T01:00');
      assert.equal(opening(hoursWith(night), '2026-12-26T01:00'), '2026-12-26T20:00');
    });
  });

  describe('of the whole day', () => {
    const all = {
      opensAt: '00:00',
      closesAt: '24:00',
      days: [1, 2, 3, 4, 5, 6, 7],
      holidays: 'none',
    } as const;

    it('do not close around midnight', () => {
      assert.equal(opening(hoursWith(all), '2026-03-22T23:50'), '2026-03-22T23:50');
      assert.equal(
        opening(hoursWith({ opensAt: '10:00', closesAt: '09:59' }), '2026-03-23T23:59'),
        '2026-03-23T23:59',
      );
    });

    it('close before a day without a window', () => {
      const week = hoursWith({ opensAt: '00:00', closesAt: '24:00' });
      assert.equal(opening(week, '2026-03-21T23:44'), '2026-03-21T23:44');
      assert.equal(opening(week, '2026-03-21T23:45'), '2026-03-23T00:00');
    });
  });

  describe('on the days when the clocks change', () => {
    const sundays = { days: [7] };

    it('open at the jump, if the opening is skipped', () => {
      const hours = hoursWith({ ...sundays, opensAt: '02:30' });
      assert.equal(hours.nextOpening(at('2026-03-29T00:00')), Date.UTC(2026, 2, 29, 1));
    });

    it('close 15 minutes of real time before a closing that is skipped', () => {
      const hours = hoursWith({ ...sundays, opensAt: '00:00', closesAt: '02:30' });
      const jump = Date.UTC(2026, 2, 29, 1);
      assert.equal(hours.isOpen(jump - 15 * 60_000 - 1), true);
      assert.equal(hours.isOpen(jump - 15 * 60_000), false);
    });

    it('open twice, if the clocks are put back before the closing', () => {
      const hours = hoursWith({ ...sundays, opensAt: '01:00', closesAt: '02:30' });
      const again = Date.UTC(2026, 9, 25, 1);
      assert.equal(hours.nextOpening(Date.UTC(2026, 9, 25, 0, 15)), again, '02:00 for the second time');
      assert.equal(hours.isOpen(again + 15 * 60_000), false);
    });

    it('last 23 and 25 hours', () => {
      const hours = hoursWith({ opensAt: '00:00', closesAt: '24:00', days: [7], holidays: 'none' });
      assert.deepEqual(lengths(hours, ['2026-03-29', '2026-04-12', '2026-10-25']), [22.75, 23.75, 24.75]);
    });

    it('last half an hour less, and more, on Lord Howe Island', () => {
      const zone = 'Australia/Lord_Howe';
      const hours = hoursWith({ opensAt: '00:00', closesAt: '24:00', days: [7], holidays: 'none' }, zone);
      assert.deepEqual(
        lengths(hours, ['2026-04-05', '2026-10-04', '2026-10-11'], zone),
        [24.25, 23.25, 23.75],
      );
    });

    it('skip the date that a zone has skipped', () => {
      const friday = hoursWith({ days: [5], holidays: 'none' }, 'Pacific/Apia');
      assert.equal(opening(friday, '2011-12-29T23:00', 'Pacific/Apia'), '2012-01-06T08:30');
    });
  });

  describe('of a recipient in several zones', () => {
    it('are those in which all zones are open', () => {
      const hours = createSendingHours(DEFAULT_SENDING_POLICY, '+12125551234');
      // 08:30 in Honolulu is 14:30 in New York, where the window closes at 19:45.
      assert.equal(hours.nextOpening(Date.UTC(2026, 2, 23, 12)), Date.UTC(2026, 2, 23, 18, 30));
      assert.equal(hours.isOpen(Date.UTC(2026, 2, 23, 23, 45) - 1), true);
      assert.equal(hours.isOpen(Date.UTC(2026, 2, 23, 23, 45)), false);
    });

    it('take days and holidays by the date in each zone', () => {
      // 1 January has begun a day later than in Auckland: it is closed until 18:30 UTC of the 2nd.
      const hours = createSendingHours(DEFAULT_SENDING_POLICY, '+68987123456');
      assert.equal(hours.nextOpening(Date.UTC(2026, 0, 1, 20)), Date.UTC(2026, 0, 2, 18, 30));
    });

    it('are none, if the windows never meet', () => {
      const hours = createSendingHours(
        Object.assign({}, DEFAULT_SENDING_POLICY, { opensAt: '08:00', closesAt: '09:00' }),
        '+12125551234',
      );
      assert.equal(hours.nextOpening(Date.UTC(2026, 2, 23)), undefined);
    });
  });

  it('are none before a limit, which may itself be the moment', () => {
    const saturday = at('2026-03-21T21:00');
    const monday = at('2026-03-23T08:30');
    assert.equal(hoursWith().nextOpening(saturday, monday - 1), undefined);
    assert.equal(hoursWith().nextOpening(saturday, monday), monday);
    assert.equal(hoursWith().nextOpening(monday, saturday), undefined, 'a limit in the past');
  });

  it('take no moment but a number', () => {
    assert.throws(() => hoursWith().nextOpening(NaN), RangeError);
    assert.throws(() => hoursWith().isOpen(NaN), RangeError);
    assert.throws(() => hoursWith().nextOpening(0, NaN), RangeError);
  });

  it('round a part of a millisecond up', () => {
    assert.equal(hoursWith().nextOpening(at('2026-03-23T08:30') - 0.5), at('2026-03-23T08:30'));
  });
});

/** How many hours may be used of each of these days. */
function lengths(hours: SendingHours, dates: readonly string[], zone = 'Europe/Paris'): number[] {
  return dates.map((date) => {
    const start = at(date, zone);
    let minutes = 0;
    while (hours.isOpen(start + minutes * 60_000)) minutes++;
    return minutes / 60;
  });
}
