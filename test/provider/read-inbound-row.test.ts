import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseJson } from '../../src/provider/json.js';
import { readInboundRow } from '../../src/provider/read-inbound-row.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const AT_MS = Date.UTC(2026, 10, 22, 9, 5, 0, 123);
const AT_SECOND = AT_MS - 123;
const UNIX = AT_SECOND / 1_000;
const show = (value: unknown) => JSON.stringify(value);
const read = (row: unknown) => readInboundRow(row, NOW)?.message;

describe('a row of the inbox', () => {
  it('is read as published', () => {
    const row = {
      id: '17',
      sIdentifiantPhone: 'p1',
      timestamp_unix: String(UNIX),
      message: ' STOP ',
      number: '+33639980001',
      guid: 'g-1',
      alias: 'Anna',
    };
    assert.deepEqual(read(row), {
      providerId: 'g-1',
      from: '+33639980001',
      message: ' STOP ',
      receivedAtMs: AT_SECOND,
      phoneId: 'p1',
    });
  });

  for (const row of [
    null,
    'row',
    7,
    true,
    [],
    [{ number: '1' }],
    {},
    { other: 'x' },
    { number: '1' },
    { message: 'x' },
  ]) {
    it(`cannot be read when it is ${show(row)}`, () => {
      assert.equal(read(row), undefined);
    });
  }

  for (const row of [
    { number: { e164: '1' }, message: 'x' },
    { number: ['1'], message: 'x' },
    { number: true, message: 'x' },
    { number: ' ', message: 'x' },
    { number: '1', message: { text: 'x' } },
    { number: '1', message: ['x'] },
    { phone: '1', message: 'x' },
    { alias: 'Anna', message: 'x' },
  ]) {
    it(`has no sender or no text in ${show(row)}`, () => {
      assert.equal(read(row), undefined);
    });
  }
});

describe('the sender of a row of the inbox', () => {
  for (const [row, expected] of [
    [{ number: '+33639980001' }, '+33639980001'],
    [{ number: ' 06 39 98 00 01 ' }, '06 39 98 00 01'],
    [{ number: 33639980001 }, '33639980001'],
    [{ number: 'MPESA' }, 'MPESA'],
    [{ from: '0639980001' }, '0639980001'],
    [{ Sender: '36180' }, '36180'],
    [{ number: '', from: '0639980001' }, '0639980001'],
    [{ number: '0639980001', from: 'me' }, '0639980001'],
    [{ number: {}, from: '0639980001' }, '0639980001'],
    [{ number: 'Smith, Jones' }, 'Smith, Jones'],
  ] as const) {
    it(`is ${expected} in ${show(row)}`, () => {
      assert.equal(read({ message: 'x', ...row })?.from, expected);
    });
  }
});

describe('the text of a row of the inbox', () => {
  for (const [row, expected] of [
    [{ message: ' Hé\r\n' }, ' Hé\r\n'],
    [{ text: 'a' }, 'a'],
    [{ body: 'a' }, 'a'],
    [{ message: 36180 }, '36180'],
    [{ message: '' }, ''],
    [{ message: null }, ''],
    [{ message: '', text: 'a' }, 'a'],
    [{ message: 'a\0b' }, 'a\ufffdb'],
    [{ message: 'a\ud83d' }, 'a\ufffd'],
    [{ message: '😀' }, '😀'],
  ] as const) {
    it(`is ${show(expected)} in ${show(row)}`, () => {
      assert.equal(read({ number: '1', ...row })?.message, expected);
    });
  }
});

describe('the time of a row of the inbox', () => {
  const timeOf = (fields: object) => read({ number: '1', message: 'x', ...fields })?.receivedAtMs;
  for (const [name, fields, expected] of [
    ['unix seconds', { timestamp_unix: String(UNIX) }, AT_SECOND],
    ['unix seconds as a number', { timestamp_unix: UNIX }, AT_SECOND],
    ['13 digits', { time_received: String(AT_MS) }, AT_MS],
    ['13 digits as a number', { time_received: AT_MS }, AT_MS],
    ['10 digits', { time_received: String(UNIX) }, AT_SECOND],
    ['17 digits', { time_received: '20261122090500123' }, AT_MS],
    ['14 digits', { time_received: '20261122090500' }, AT_SECOND],
    ['date and hour', { date: '2026-11-22', hour: '09:05:00' }, AT_SECOND],
    ['date and hour to the minute', { date: '2026-11-22', hour: '09:05' }, AT_SECOND],
    ['a date at midnight, and hour', { date: '2026-11-22 00:00:00', hour: '09:05:00' }, AT_SECOND],
    ['a date alone', { date: '2026-11-22 09:05:00' }, AT_SECOND],
    ['ISO 8601', { received_at: '2026-11-22T10:05:00+01:00' }, AT_SECOND],
    [
      'an exact time before a date without a zone',
      { timestamp_unix: UNIX, date: '2026-11-22 10:05:00' },
      AT_SECOND,
    ],
    ['nothing', {}, undefined],
    ['blanks', { timestamp_unix: '', time_received: null }, undefined],
    ['zero', { timestamp_unix: 0 }, undefined],
    ['a clock in 1970', { timestamp_unix: '86400' }, undefined],
    ['a clock far ahead', { timestamp_unix: String(UNIX + 5 * 86_400) }, undefined],
    ['17 digits with a month 13', { time_received: '20261322090500123' }, undefined],
    ['an hour alone', { hour: '09:05:00' }, undefined],
    ['an hour 25', { date: '2026-11-22', hour: '25:05:00' }, undefined],
    ['contradictions', { timestamp_unix: UNIX, time_received: UNIX - 7 * 86_400 }, undefined],
    ['objects', { timestamp_unix: { at: UNIX }, date: ['x'] }, undefined],
  ] as const) {
    it(`is read from ${name}`, () => {
      assert.equal(timeOf(fields), expected);
    });
  }

  it('is read from 17 digits that JSON holds as a number, which JavaScript would round', () => {
    const row = parseJson('{"number":"1","message":"x","time_received":20261122090500123}');
    assert.equal(read(row)?.receivedAtMs, AT_MS);
  });
});

describe('the id of a row of the inbox', () => {
  const idOf = (fields: object) => read({ number: '1', message: 'x', ...fields })?.providerId ?? '';
  for (const [fields, expected] of [
    [{ id: '17', guid: 'g-1' }, 'g-1'],
    [{ id: '17' }, '17'],
    [{ id: 17 }, '17'],
    [{ id: '17', guid: '' }, '17'],
    [{ message_id: 'm-1' }, 'm-1'],
  ] as const) {
    it(`is ${expected} in ${show(fields)}`, () => {
      assert.equal(idOf(fields), expected);
    });
  }

  for (const fields of [
    {},
    { id: '' },
    { id: 0 },
    { id: null, guid: [] },
    { id: 'x'.repeat(201) },
    { id: 1e21 },
  ]) {
    it(`is a hash for ${show(fields).slice(0, 40)}`, () => {
      assert.match(idOf(fields), /^sha256-[0-9a-f]{40}$/);
      assert.equal(idOf(fields), idOf({ ...fields }));
    });
  }

  it('differs as a hash for another sender, text, phone or time, in every form of a time', () => {
    const ids = [
      {},
      { number: '2' },
      { message: 'y' },
      { sIdentifiantPhone: 'p1' },
      { timestamp_unix: String(UNIX) },
      { timestamp_unix: String(UNIX + 1) },
      { time_received: '20261122090500123' },
      { date: '2026-11-22', hour: '09:05:00' },
      { date: '2026-11-22', hour: '09:06:00' },
      { date: '1970-01-01', hour: '00:00:01' },
    ].map(idOf);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('is an exact one of JSON, also beyond 2^53', () => {
    const row = parseJson('{"number":"1","message":"x","id":9007199254740993}');
    assert.equal(read(row)?.providerId, '9007199254740993');
  });
});

describe('any row of the inbox', () => {
  const names = fc.constantFrom(
    'number',
    'from',
    'message',
    'text',
    'guid',
    'id',
    'date',
    'hour',
    'time_received',
    'timestamp_unix',
    'sIdentifiantPhone',
    '__proto__',
  );

  it('never throws', () => {
    const rows = fc.oneof(fc.dictionary(names, fc.jsonValue()), fc.jsonValue());
    fc.assert(
      fc.property(rows, (row) => {
        const message = read(row);
        if (message !== undefined) assert.ok(message.providerId !== '' && message.from !== '');
      }),
      { numRuns: 1_000 },
    );
  });

  it('is read in linear time, whatever it repeats', () => {
    const many = Object.fromEntries(
      Array.from({ length: 200_000 }, (_, i) => [
        `date${'_'.repeat(i % 10)}${i.toString(2).replaceAll('0', '-').replaceAll('1', '_')}`,
        String(UNIX),
      ]),
    );
    assert.equal(read({ ...many, number: '1', message: 'x' })?.from, '1');
    const long = '0'.repeat(1_000_000);
    assert.equal(read({ number: long, message: long, date: long, hour: long, id: long })?.message, long);
  });
});
