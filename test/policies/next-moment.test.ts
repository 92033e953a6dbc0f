import assert from 'node:assert/strict';
import { SmsError } from '../../src/domain/errors.js';
import { GRANT_VALID_MS, nextMoment, type Moment } from '../../src/policies/next-moment.js';
import type { OutreachHistory, OutreachRow } from '../../src/policies/outreach-history.js';
import { createSendingHours } from '../../src/policies/sending-hours.js';
import { DEFAULT_SENDING_POLICY, type SendingPolicy } from '../../src/policies/sending-policy.js';
import { brokenLimits, selectHistory, shortestSpacing } from './outreach-by-force.js';
import { ALWAYS } from './pace-properties.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A Monday at 12:00 in Paris. */
const NOON = Date.UTC(2026, 2, 23, 11);

const NONE: OutreachHistory = { rows: [], firstContacts: [] };

function policyWith(values: Partial<SendingPolicy> = {}): SendingPolicy {
  return Object.assign({}, DEFAULT_SENDING_POLICY, ALWAYS, values);
}

function recipient(index: number): string {
  return `+33639980${String(index).padStart(3, '0')}`;
}

function row(at: number, values: Partial<OutreachRow> = {}): OutreachRow {
  return Object.assign({ at, phone: recipient(1), segments: 1, lane: '', state: 'granted' }, values);
}

interface Ask {
  readonly policy?: SendingPolicy;
  readonly fromMs?: number;
  readonly untilMs?: number;
  readonly random?: number;
  readonly lateByMs?: number;
  readonly phone?: string;
  readonly segments?: number;
  readonly lane?: string;
}

function ask(rows: readonly OutreachRow[], options: Ask = {}): Moment {
  const { policy = policyWith(), fromMs = NOON, untilMs, random = 0, lateByMs = 0 } = options;
  const { phone = recipient(0), segments = 1, lane = '' } = options;
  return nextMoment({
    request: { phone, segments, lane },
    history: selectHistory(rows, lane, phone, fromMs),
    policy,
    hours: createSendingHours(policy, phone),
    fromMs,
    untilMs,
    random: () => random,
    lateByMs,
  });
}

/** As many requests as that, all asked for at once. */
function askForAll(count: number, options: (index: number) => Ask): OutreachRow[] {
  const rows: OutreachRow[] = [];
  for (let index = 0; index < count; index++) {
    const one = options(index);
    const { at } = ask(rows, one);
    if (at === undefined) break;
    rows.push(
      row(at, { phone: one.phone ?? recipient(0), segments: one.segments ?? 1, lane: one.lane ?? '' }),
    );
  }
  return rows;
}

describe('the next moment', () => {
  it('is now, where nothing is in the way', () => {
    assert.deepEqual(ask([]), { at: NOON, reason: undefined });
  });

  it('is when the hours open', () => {
    const saturday = Date.UTC(2026, 2, 28, 20);
    assert.deepEqual(ask([], { policy: DEFAULT_SENDING_POLICY, fromMs: saturday }), {
      at: Date.UTC(2026, 2, 30, 6, 30),
      reason: 'hours',
    });
  });

  describe('by each limit', () => {
    const spread = (
      count: number,
      everyMs: number,
      values: (index: number) => Partial<OutreachRow> = () => ({}),
    ) => Array.from({ length: count }, (_, index) => row(NOON - everyMs * (index + 1), values(index)));
    const loose = { perMinute: 60, segmentsPerMinute: 500, perHour: 5_000, perDay: 50_000 };
    const table: readonly [string, OutreachRow[], Partial<SendingPolicy>, Partial<Ask>, Moment][] = [
      ['spacing', [row(NOON)], {}, {}, { at: NOON + 10 * SECOND, reason: 'spacing' }],
      [
        'requests a minute, with a window that is half-open',
        spread(60, 500),
        loose,
        {},
        { at: NOON + 30 * SECOND, reason: 'per-minute' },
      ],
      [
        'segments a minute',
        [row(NOON - 40 * SECOND, { segments: 12 }), row(NOON - 20 * SECOND, { segments: 6 })],
        {},
        { segments: 3 },
        { at: NOON + 20 * SECOND, reason: 'segments-per-minute' },
      ],
      [
        'segments that just fit',
        [row(NOON - 40 * SECOND, { segments: 12 }), row(NOON - 20 * SECOND, { segments: 6 })],
        {},
        { segments: 2 },
        { at: NOON, reason: undefined },
      ],
      [
        'segments that are a millisecond less than a minute apart',
        [row(NOON - 20 * SECOND, { segments: 10 }), row(NOON + 40 * SECOND - 1, { segments: 8 })],
        {},
        { segments: 3 },
        { at: NOON + 50 * SECOND - 1, reason: 'segments-per-minute' },
      ],
      ['requests an hour', spread(100, 30 * SECOND), {}, {}, { at: NOON + 10 * MINUTE, reason: 'per-hour' }],
      ['requests a day', spread(300, 4 * MINUTE), {}, {}, { at: NOON + 4 * HOUR, reason: 'per-day' }],
      [
        'new recipients in 30 days',
        spread(200, 3 * HOUR, (index) => ({ phone: recipient(index + 1) })),
        {},
        {},
        { at: NOON + 5 * DAY, reason: 'new-recipients' },
      ],
      [
        'new recipients, for one that is not new',
        spread(200, 3 * HOUR, (index) => ({ phone: recipient(index) })),
        {},
        {},
        { at: NOON, reason: undefined },
      ],
    ];
    for (const [name, rows, values, options, expected] of table)
      it(`waits for ${name}`, () => {
        assert.deepEqual(ask(rows, Object.assign({ policy: policyWith(values) }, options)), expected);
      });
  });

  it('names what it waits for longest', () => {
    const evening = Date.UTC(2026, 2, 23, 18, 44, 55);
    const found = ask([row(evening - SECOND)], { policy: DEFAULT_SENDING_POLICY, fromMs: evening });
    assert.deepEqual(found, { at: Date.UTC(2026, 2, 24, 7, 30), reason: 'hours' });
  });

  it('does not exist, if it would be after the limit', () => {
    assert.deepEqual(ask([row(NOON)], { untilMs: NOON + 10 * SECOND - 1 }), {
      at: undefined,
      reason: 'spacing',
    });
    assert.deepEqual(ask([row(NOON)], { untilMs: NOON + 10 * SECOND }).at, NOON + 10 * SECOND);
    const saturday = { policy: DEFAULT_SENDING_POLICY, fromMs: Date.UTC(2026, 2, 28, 20) };
    assert.deepEqual(ask([], Object.assign({ untilMs: Date.UTC(2026, 2, 29, 20) }, saturday)), {
      at: undefined,
      reason: 'hours',
    });
    assert.equal(ask([], { untilMs: NOON - 1 }).at, undefined);
  });

  describe('between requests that are granted already', () => {
    it('takes a gap that has room on both sides', () => {
      assert.equal(ask([row(NOON), row(NOON + 20 * SECOND)]).at, NOON + 10 * SECOND);
    });

    it('passes over a gap that has not', () => {
      assert.equal(ask([row(NOON), row(NOON + 19 * SECOND)]).at, NOON + 29 * SECOND);
    });

    it('breaks no window of later requests', () => {
      const later = Array.from({ length: 100 }, (_, index) => row(NOON + 30 * MINUTE + index * 15 * SECOND));
      const { at, reason } = ask(later);
      assert.equal(at, NOON + 90 * MINUTE);
      assert.equal(reason, 'per-hour');
    });

    it('fills what was released', () => {
      const rows = askForAll(20, () => ({}));
      const freed = rows.map((each, index) =>
        index === 7 ? Object.assign({}, each, { state: 'released' }) : each,
      );
      assert.equal(ask(freed).at, rows[7]?.at);
    });

    it('does not ask for their order', () => {
      const rows = askForAll(30, () => ({}));
      assert.deepEqual(ask(rows.toReversed()), ask(rows));
    });
  });

  describe('of several phones', () => {
    const both = [row(NOON, { lane: 'a' }), row(NOON + 10 * SECOND, { lane: 'b' })];

    it('counts the phone that is named, and what names none', () => {
      assert.equal(ask(both, { lane: 'c' }).at, NOON);
      assert.equal(ask(both, { lane: 'a' }).at, NOON + 10 * SECOND);
      assert.equal(ask([row(NOON)], { lane: 'a' }).at, NOON + 10 * SECOND);
    });

    it('has room for each phone, if none is named', () => {
      assert.equal(ask(both).at, NOON + 20 * SECOND);
    });

    it('does not add up what different phones send, if none is named', () => {
      const policy = policyWith({ perHour: 2 });
      const apart = [row(NOON - 20 * MINUTE, { lane: 'a' }), row(NOON - 10 * MINUTE, { lane: 'b' })];
      assert.equal(ask(apart, { policy }).at, NOON);
    });

    it('counts new recipients for each phone', () => {
      const policy = policyWith({ newRecipientsPer30Days: 1 });
      const known = [row(NOON - DAY, { lane: 'a' })];
      assert.equal(ask(known, { policy, lane: 'b' }).at, NOON);
      assert.equal(ask(known, { policy, lane: 'a' }).at, NOON + 29 * DAY);
      assert.equal(ask(known, { policy }).at, NOON + 29 * DAY);
      assert.equal(ask(known, { policy, lane: 'a', phone: recipient(1) }).at, NOON);
    });
  });

  it('counts a recipient once, however many of its requests lie ahead', () => {
    const policy = policyWith({ newRecipientsPer30Days: 2 });
    const ahead = [row(NOON + HOUR), row(NOON + 2 * HOUR)];
    assert.equal(ask(ahead, { policy }).at, NOON);
  });

  it('does not count a recipient again that was first written to long ago', () => {
    const policy = policyWith({ newRecipientsPer30Days: 1 });
    assert.equal(ask([row(NOON - 40 * DAY), row(NOON - HOUR)], { policy }).at, NOON);
    assert.equal(ask([row(NOON - 40 * DAY), row(NOON + HOUR)], { policy }).at, NOON);
  });

  it('does not count the recipient itself, whose first contact lies ahead', () => {
    const policy = policyWith({ newRecipientsPer30Days: 1 });
    assert.equal(ask([row(NOON + HOUR)], { policy, phone: recipient(1) }).at, NOON);
  });

  it('counts new recipients for a phone that has sent nothing yet, if none is named', () => {
    const policy = policyWith({ newRecipientsPer30Days: 1 });
    const rows = [row(NOON - 30.5 * DAY, { lane: 'a' }), row(NOON)];
    assert.equal(ask(rows, { policy }).at, NOON + 30 * DAY);
  });

  it('ignores released requests that it is given', () => {
    const { at } = nextMoment({
      request: { phone: recipient(0), segments: 1, lane: '' },
      history: { rows: [row(NOON, { state: 'released' })], firstContacts: [] },
      policy: policyWith(),
      hours: createSendingHours(policyWith(), recipient(0)),
      fromMs: NOON,
    });
    assert.equal(at, NOON);
  });

  it('keeps new recipients within their limit when a first contact is released', () => {
    const policy = policyWith({ newRecipientsPer30Days: 1 });
    const ahead = [row(NOON + HOUR), row(NOON + 20 * DAY)];
    const { at = 0 } = ask(ahead, { policy });
    assert.equal(at, NOON + 50 * DAY);
    const freed = [
      row(NOON + HOUR, { state: 'released' }),
      row(NOON + 20 * DAY),
      row(at, { phone: recipient(0) }),
    ];
    assert.deepEqual(brokenLimits(freed, policy), []);
  });

  describe('with jitter', () => {
    it('lengthens the spacing by up to 40 %', () => {
      assert.equal(ask([row(NOON)], { random: 0.5 }).at, NOON + 12 * SECOND);
      assert.equal(ask([row(NOON)], { random: 0.999999 }).at, NOON + 14 * SECOND);
      assert.equal(ask([row(NOON - 11 * SECOND)], { random: 0.5 }).at, NOON + SECOND);
      assert.equal(ask([row(NOON - 11 * SECOND)], { random: 0.5 }).reason, 'spacing');
    });

    it('keeps the opening of the hours, and the first request', () => {
      const early = Date.UTC(2026, 2, 23, 6);
      const { at } = ask([], { policy: DEFAULT_SENDING_POLICY, fromMs: early, random: 0.9 });
      assert.equal(at, Date.UTC(2026, 2, 23, 7, 30));
    });

    it('leaves a gap that has just room', () => {
      assert.equal(ask([row(NOON), row(NOON + 20 * SECOND)], { random: 0.9 }).at, NOON + 10 * SECOND);
      assert.equal(ask([row(NOON), row(NOON + 22 * SECOND)], { random: 0.9 }).at, NOON + 12 * SECOND);
    });

    it('stays within the hours, and before the limit', () => {
      const policy = DEFAULT_SENDING_POLICY;
      const late = Date.UTC(2026, 2, 23, 18, 44, 59);
      const options = { policy, fromMs: late, random: 0.9 };
      assert.equal(ask([row(late - 10 * SECOND)], options).at, late);
      assert.equal(ask([row(NOON)], { random: 0.9, untilMs: NOON + 11 * SECOND }).at, NOON + 11 * SECOND);
    });
  });

  describe('of a queue that is always full', () => {
    let state = 1;
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const loose = { segmentsPerMinute: 60_000, perHour: 60_000, perDay: 600_000 };
    const table: readonly [string, number, number, Partial<SendingPolicy>, number][] = [
      ...[1, 2, 6, 20, 60, 200].map((perMinute): [string, number, number, Partial<SendingPolicy>, number] => [
        `${perMinute} requests a minute`,
        perMinute,
        MINUTE,
        Object.assign({}, loose, { perMinute }),
        1,
      ]),
      ['20 segments a minute', 10, MINUTE, { perMinute: 30, perHour: 6_000, perDay: 60_000 }, 2],
      ['100 requests an hour', 100, HOUR, { perDay: 60_000 }, 1],
      ['300 requests a day', 300, DAY, {}, 1],
    ];
    for (const [name, limit, windowMs, values, segments] of table)
      it(`uses nine tenths of ${name}, and never more than all of it, though requests are late`, () => {
        const policy = policyWith(Object.assign({ newRecipientsPer30Days: 60_000 }, values));
        const laps = windowMs === DAY ? 3 : 6;
        const rows = askForAll(laps * limit, () => ({
          policy,
          segments,
          random: random(),
          lateByMs: GRANT_VALID_MS,
        }));
        // The first laps begin with an empty window, and with jitter that is taken back later.
        const [from, until] = [laps - 4, laps - 1].map((lap) => rows[Math.max(lap, 0) * limit]?.at ?? NaN);
        const passed = (laps - 1 - Math.max(laps - 4, 0)) * windowMs;
        assert.ok(Number(until) - Number(from) <= passed / 0.9, `${Number(until) - Number(from)} ms`);
        assert.ok(shortestSpacing(rows) >= MINUTE / policy.perMinute);
        const late = rows.map((each) =>
          Object.assign({}, each, { at: each.at + Math.floor(random() * GRANT_VALID_MS) }),
        );
        assert.deepEqual(brokenLimits(late.slice(0, 600), policy), []);
      });
  });

  describe('refuses', () => {
    it('a message with more segments than a minute may have', () => {
      assert.throws(
        () => ask([], { segments: 21 }),
        (error: unknown) =>
          error instanceof SmsError &&
          error.code === 'VALIDATION_FAILED' &&
          error.message.includes('shorten the message, or raise segmentsPerMinute'),
      );
      assert.equal(ask([], { segments: 20 }).at, NOON);
    });

    it('a policy that is not valid', () => {
      assert.throws(
        () =>
          nextMoment({
            request: { phone: recipient(0), segments: 1, lane: '' },
            history: NONE,
            policy: policyWith({ perHour: 0 }),
            hours: createSendingHours(policyWith(), recipient(0)),
            fromMs: NOON,
          }),
        (error: unknown) => error instanceof SmsError && error.code === 'VALIDATION_FAILED',
      );
    });

    it('moments and segments that are not numbers', () => {
      assert.throws(() => ask([], { fromMs: NaN }), RangeError);
      assert.throws(() => ask([], { untilMs: NaN }), RangeError);
      for (const segments of [0, 1.5, NaN]) assert.throws(() => ask([], { segments }), RangeError);
    });
  });
});
